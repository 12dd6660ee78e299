import { listErrorCauses } from "../report/list-error-causes.js";

const explanations = new WeakMap<Error, readonly string[]>();

/** Adds lines to an error of a call. They are printed with each failure that the error causes, and never instead of it. */
export function addExplanation(error: Error, lines: readonly string[]): void {
  explanations.set(error, lines);
}

/** Returns the lines that explain a failure or one of its causes. */
export function findExplanation(failure: unknown): readonly string[] {
  const errors = failure instanceof Error ? [failure, ...listErrorCauses(failure)] : [];
  return errors.flatMap((each) => explanations.get(each) ?? []);
}
