import { getSecretIndex } from "./secret-index.js";
import type { TextRange } from "./text-range.js";

/** The minimum length of a secret's beginning at the end of a cut text, in characters. A shorter match counts as coincidence. */
const minBeginningAtCut = 4;

/** The minimum length of a secret's beginning at the end of a whole text, in characters. */
const minBeginningAtEnd = 12;

/**
 * Returns the parts of `text` that match one of `secrets`, and the end of `text` if it is the beginning of a secret. With
 * `isCut`, the text was cut and continues, so shorter beginnings count. The time is linear in the text, for each secret whose first
 * characters occur in it.
 */
export function findSecrets(text: string, secrets: readonly string[], isCut: boolean): TextRange[] {
  const minBeginning = isCut ? minBeginningAtCut : minBeginningAtEnd;
  return getSecretIndex(secrets)
    .findCandidates(text)
    .flatMap((secret) => findOccurrences(text, secret, minBeginning));
}

/** Finds one secret with the Knuth-Morris-Pratt algorithm, which reads each character of the text once. */
function findOccurrences(text: string, secret: string, minBeginning: number): TextRange[] {
  const found: [from: number, to: number][] = [];
  // A secret that is longer than the text can only match with its beginning.
  const part = secret.slice(0, text.length + 1);
  const borders = computeBorders(part);
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
  if (matched >= minBeginning && matched < part.length) {
    found.push([text.length - matched, text.length]);
  }
  return found;
}

/** Returns, for each beginning of `part`, the length of the longest shorter beginning that it ends with. */
function computeBorders(part: string): Int32Array {
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
