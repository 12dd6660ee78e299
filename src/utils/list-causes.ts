import { errorsIn, maxCauses } from "./errors-in.js";
import { isError } from "./is-error.js";

/**
 * Returns the errors that caused an error, directly or through other errors, the nearest first. The errors of an AggregateError come
 * after it. Returns at most `maxCauses`.
 */
export function listCauses(error: Error): Error[] {
  const causes: Error[] = [];
  const pending: unknown[] = [error.cause];
  while (pending.length > 0 && causes.length < maxCauses) {
    const cause = pending.shift();
    if (isError(cause) && !causes.includes(cause)) {
      causes.push(cause);
      pending.unshift(...errorsIn(cause), cause.cause);
    }
  }
  return causes;
}
