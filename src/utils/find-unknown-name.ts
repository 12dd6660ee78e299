/** Returns the problem of the first key of `given` that is not in `known`, or undefined if all keys are known. */
export function findUnknownName(given: object, known: readonly string[]): string | undefined {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      const near = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      const advice = near ? `did you mean ${near}?` : `the options are ${known.join(", ")}`;
      return `${name}: unknown option; ${advice}`;
    }
  }
  return undefined;
}
