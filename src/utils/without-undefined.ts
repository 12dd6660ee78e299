/** Returns a copy of an object without the properties whose value is undefined. */
export function withoutUndefined<T extends object>(
  values: T,
): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}
