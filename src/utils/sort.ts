/** Returns a sorted copy of a list. Hermes, the engine of React Native, has no `toSorted`. */
export function sort<T>(list: Iterable<T>, compare: (a: T, b: T) => number): T[] {
  // oxlint-disable-next-line unicorn/no-array-sort -- sorts a copy
  return [...list].sort(compare);
}
