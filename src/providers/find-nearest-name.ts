import { sort } from "../utils/sort.js";

/**
 * Returns the known name that `name` most likely means. Ignores case and punctuation, and tolerates one or two typing errors.
 */
export function findNearestName(name: string, known: readonly string[]): string | undefined {
  const given = toLettersAndDigits(name.slice(0, longestName));
  const candidates = known
    .map((candidate) => ({
      candidate,
      distance: computeEditDistance(given, toLettersAndDigits(candidate)),
    }))
    .filter(({ candidate, distance }) => distance <= Math.min(2, Math.floor(candidate.length / 3)));
  const [best] = sort(candidates, (a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Returns a name in lower case without punctuation. */
export function toLettersAndDigits(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** The number of characters that are compared. Known names are much shorter. */
const longestName = 60;

/**
 * Returns the optimal string alignment distance: the number of letters that are missing, superfluous, wrong or swapped with the
 * next one.
 */
function computeEditDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const getDistance = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          getDistance(i - 1, j) + 1,
          getDistance(i, j - 1) + 1,
          getDistance(i - 1, j - 1) + (isSame ? 0 : 1),
          isSwapped ? getDistance(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return getDistance(a.length, b.length);
}
