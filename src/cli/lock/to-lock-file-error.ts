import { errorCodeOf } from "../../utils/error-codes.js";
import { describeWriteFailure } from "../files/describe-file-failure.js";

/**
 * Converts an error of the file system into one that names the failed step and the fix. Leaves out the text of Node.js, which repeats
 * the path. Returns any other error unchanged.
 */
export function toLockFileError(error: unknown, failure: string, advice = ""): unknown {
  const code = errorCodeOf(error);
  return code === undefined
    ? error
    : new Error(`${failure}: ${describeLockFailure(code)}${advice}`);
}

function describeLockFailure(code: string): string {
  // A lock is a new file, so its folder decides on the permission.
  return code === "EACCES" || code === "EPERM"
    ? "its folder is not writable"
    : (describeWriteFailure(code) ?? code);
}
