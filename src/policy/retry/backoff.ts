import { fraction } from "../../utils/fraction.js";

/**
 * Returns the pause before attempt `attempt + 1`: a random time between 0 and an upper bound that doubles each time (full
 * jitter).
 */
export function backoffMs(
  attempt: number,
  { initialMs, maxMs }: { initialMs: number; maxMs: number },
  random: () => number,
): number {
  return fraction(random) * Math.min(maxMs, initialMs * 2 ** (attempt - 1));
}
