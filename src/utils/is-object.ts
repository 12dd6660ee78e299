/** Returns true for objects and arrays, but not for functions and null. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
