import { createRandom, type Random } from "../support/random-message.js";

/**
 * Returns a random generator for one part of a campaign. Each part has its own, so that a part that draws more or fewer values
 * does not change the values of the others.
 */
export function createSeededRandom(seed: number, ...parts: readonly (string | number)[]): Random {
  let hash = seed >>> 0;
  for (const character of parts.join(" ")) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    hash = (hash ^ (hash >>> 15)) >>> 0;
  }
  return createRandom(hash);
}

/** Returns one of the items, with a probability in proportion to its weight. */
export function pickWeighted<Item extends { readonly weight: number }>(
  random: Random,
  items: readonly Item[],
): Item {
  let left = random.integer(items.reduce((sum, { weight }) => sum + weight, 0));
  for (const item of items) {
    left -= item.weight;
    if (left < 0) {
      return item;
    }
  }
  throw new Error("the list of items is empty");
}
