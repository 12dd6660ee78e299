import { errorsIn } from "./errors-in.js";
import { isError } from "./is-error.js";

/** Returns the errors that caused an error, directly or through other errors. Returns at most 16. */
export function listCauses(error: Error): Error[] {
  const causes: Error[] = [];
  const pending: unknown[] = [error.cause];
  while (pending.length > 0 && causes.length < 16) {
    const cause = pending.pop();
    if (isError(cause) && !causes.includes(cause)) {
      causes.push(cause);
      pending.push(cause.cause, ...errorsIn(cause));
    }
  }
  return causes;
}
