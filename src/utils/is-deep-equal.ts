/** Returns true if two values of JSON are equal, at any depth. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return false;
  }
  const [entriesOfA, entriesOfB] = [Object.entries(a), Object.entries(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    entriesOfA.length === entriesOfB.length &&
    entriesOfA.every(([name, value]) =>
      isDeepEqual(value, (b as Readonly<Record<string, unknown>>)[name]),
    )
  );
}
