import { findUnknownName } from "../utils/find-unknown-name.js";

/** Throws a TypeError for the first key of `given` that is not in `known`. `path` is the path of the option that holds the keys. */
export function checkNames(path: string, given: object, known: readonly string[]): void {
  const problem = findUnknownName(given, known);
  if (problem !== undefined) {
    throw new TypeError(`option ${path}${problem}`);
  }
}
