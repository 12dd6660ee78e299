import { isError } from "../utils/is-error.js";

/** Returns the error code of the operating system or of Node's fetch in brackets, e.g. " (ECONNREFUSED)", or "" if there is none. */
export function formatErrorCode(reason: unknown): string {
  const code = findErrorCode(reason);
  return code === undefined ? "" : ` (${code})`;
}

/** Returns the error code of an error or of its cause. Returns undefined if there is none. */
export function findErrorCode(reason: unknown): string | undefined {
  const inner: unknown = isError(reason) ? (reason.cause ?? reason) : undefined;
  const code: unknown = isError(inner) && "code" in inner ? inner.code : undefined;
  return typeof code === "string" ? code : undefined;
}
