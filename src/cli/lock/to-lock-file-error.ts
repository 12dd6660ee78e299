import { readErrorCode } from "../errors/read-error-code.js";

/**
 * Converts an error of the file system into one that names the failed step and the remedy. Leaves out the text of Node.js, which repeats
 * the path. Returns any other error unchanged.
 */
export function toLockFileError(error: unknown, failure: string, advice = ""): unknown {
  const code = readErrorCode(error);
  return code === undefined
    ? error
    : new Error(`${failure}: ${lockFailureReasons[code] ?? code}${advice}`);
}

const lockFailureReasons: Readonly<Record<string, string>> = {
  EACCES: "its folder is not writable",
  EPERM: "its folder is not writable",
  EROFS: "its folder is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  ERR_FS_EISDIR: "it is a folder",
  ENAMETOOLONG: "the path is too long",
  ENOSPC: "the disk is full",
};
