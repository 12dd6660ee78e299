/** Joins names to an English list of alternatives, e.g. `a, b or c`. */
export function joinWithOr(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" or ");
}
