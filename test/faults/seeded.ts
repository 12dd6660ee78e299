import { createRandom, type Random } from "../support/random-message.js";

/** Randomness of its own for each part of a campaign, so that one part that goes another way leaves the rest as it was. */
export function randomOf(seed: number, ...parts: readonly (string | number)[]): Random {
  let hash = seed >>> 0;
  for (const character of parts.join(" ")) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    hash = (hash ^ (hash >>> 15)) >>> 0;
  }
  return createRandom(hash);
}

/** One of the items, each as likely as its weight says. */
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
  throw new Error("nothing to pick from");
}
