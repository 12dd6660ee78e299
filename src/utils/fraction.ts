/**
 * Returns a number from 0 to 1 from `random`, which may be the caller's function. Falls back to `Math.random` if `random` throws
 * or returns anything else.
 */
export function drawFraction(random: () => unknown): number {
  try {
    const value = random();
    return typeof value === "number" && value >= 0 && value <= 1 ? value : Math.random();
  } catch {
    return Math.random();
  }
}
