import { indexOfSecrets } from "./secret-index.js";

/** A part of a text: the index of its first character, and that of the first one behind it. */
export type Range = readonly [from: number, to: number];

/** A shorter beginning of a secret at the end of a text is taken for chance. In characters. */
const minBeginning = 4;
const minBeginningUncut = 12;

/**
 * Returns the parts of `text` that are one of `secrets`, and the end of `text` if it is the beginning of one: `isCut` says
 * that the text goes on. The time is linear in the text, for each secret whose first characters are in it.
 */
export function findSecrets(text: string, secrets: readonly string[], isCut: boolean): Range[] {
  const least = isCut ? minBeginning : minBeginningUncut;
  return indexOfSecrets(secrets)
    .candidates(text)
    .flatMap((secret) => occurrences(text, secret, least));
}

/** Finds one secret by the algorithm of Knuth, Morris and Pratt, which looks at no character twice. */
function occurrences(text: string, secret: string, leastAtEnd: number): Range[] {
  const found: [from: number, to: number][] = [];
  // A longer secret cannot be in the text as a whole.
  const part = secret.slice(0, text.length + 1);
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    while (matched > 0 && (matched === part.length || part.charCodeAt(matched) !== char)) {
      matched = borders[matched - 1] ?? 0;
    }
    if (part.charCodeAt(matched) === char) {
      matched++;
    }
    if (matched === part.length) {
      const last = found.at(-1);
      if (last !== undefined && at + 1 - matched <= last[1]) {
        last[1] = at + 1;
      } else {
        found.push([at + 1 - matched, at + 1]);
      }
    }
  }
  if (matched >= leastAtEnd && matched < part.length) {
    found.push([text.length - matched, text.length]);
  }
  return found;
}

/** Returns for each beginning of `part` the length of the longest shorter beginning that it ends with. */
function bordersOf(part: string): Int32Array {
  const borders = new Int32Array(part.length);
  let length = 0;
  for (let at = 1; at < part.length; at++) {
    const char = part.charCodeAt(at);
    while (length > 0 && part.charCodeAt(length) !== char) {
      length = borders[length - 1] ?? 0;
    }
    if (part.charCodeAt(length) === char) {
      length++;
    }
    borders[at] = length;
  }
  return borders;
}

/** Returns the same parts in order, with those that overlap or touch as one. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [from: number, to: number][] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) {
      last[1] = Math.max(last[1], to);
    } else if (to > from) {
      merged.push([from, to]);
    }
  }
  return merged;
}
