import { findUnknownName } from "../utils/find-unknown-name.js";

/** Throws a TypeError for the first key of `given` that is not in `known`. `path` precedes the key in the error, e.g. `retry.`. */
export function checkNames(path: string, given: object, known: readonly string[]): void {
  const problem = findUnknownName(given, known);
  if (problem !== undefined) {
    throw new TypeError(`option ${path}${problem}`);
  }
}
