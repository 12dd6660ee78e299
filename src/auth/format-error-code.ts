import { findDeepestErrorCode } from "../utils/error-codes.js";

/** Returns the error code of the operating system or of Node's fetch in brackets, e.g. " (ECONNREFUSED)", or "" if there is none. */
export function formatErrorCode(reason: unknown): string {
  const code = findDeepestErrorCode(reason);
  return code === undefined ? "" : ` (${code})`;
}
