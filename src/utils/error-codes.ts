import { maxCauses } from "./errors-in.js";
import { isError } from "./is-error.js";

/** Returns the code that an error itself has from the operating system, TLS or Node.js, e.g. ECONNREFUSED. Undefined for other errors. */
export function errorCodeOf(error: unknown): string | undefined {
  return isError(error) && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** Returns the codes of the errors that have one. */
export function listErrorCodes(errors: readonly Error[]): string[] {
  return errors.flatMap((error) => errorCodeOf(error) ?? []);
}

/**
 * Returns the code that describes a failure best: that of the deepest cause with a code. HTTP libraries wrap the error of the operating
 * system, and the outer errors have no code or a general one. Undefined if neither the error nor a cause has a code.
 */
export function findDeepestErrorCode(error: unknown): string | undefined {
  let found: string | undefined;
  for (
    let each = error, depth = 0;
    isError(each) && depth < maxCauses;
    each = each.cause, depth++
  ) {
    found = errorCodeOf(each) ?? found;
  }
  return found;
}
