/** Returns a number from 0 to 1 of `random`, which may be the caller's. If that fails, or gives anything else, of `Math.random`. */
export function fraction(random: () => unknown): number {
  try {
    const value = random();
    return typeof value === "number" && value >= 0 && value <= 1 ? value : Math.random();
  } catch {
    return Math.random();
  }
}
