/** The reasons of a failed file operation, by the error code of the file system or of Node.js. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ERR_FS_EISDIR: "it is a folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its symbolic links form a loop",
  ERR_INVALID_ARG_VALUE: "the path contains a null byte",
};

/** The reasons that only reads can have. */
const readReasons: Readonly<Record<string, string>> = {
  ...reasons,
  ENXIO: "it is a socket, and only regular files are read",
};

/** Returns the reason why a file cannot be read, or the code itself if it has no text. */
export function describeReadFailure(code: string): string {
  return isMissing(code) ? "it does not exist" : (readReasons[code] ?? code);
}

/** Returns the reason why a file cannot be created or replaced, or undefined if the code has no text. */
export function describeWriteFailure(code: string): string | undefined {
  return isMissing(code) ? "its folder does not exist" : reasons[code];
}

function isMissing(code: string): boolean {
  return code === "ENOENT" || code === "ENOTDIR";
}
