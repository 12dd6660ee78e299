import { isError } from "../../utils/is-error.js";
import { listErrorCauses } from "./list-error-causes.js";

/** The lines by error. The errors belong to the library, whose output must not have them. */
const explanations = new WeakMap<Error, readonly string[]>();

/** Adds explaining lines to the error of a call. Each failure that the error causes is printed with these lines. */
export function addExplanation(error: Error, lines: readonly string[]): void {
  explanations.set(error, lines);
}

/** Returns the lines that explain a failure or one of its causes. */
export function findExplanation(failure: unknown): readonly string[] {
  const errors = isError(failure) ? [failure, ...listErrorCauses(failure)] : [];
  return errors.flatMap((each) => explanations.get(each) ?? []);
}
