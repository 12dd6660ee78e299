import {
  formatTruncationNote,
  lookahead,
  maxTextLength,
  splitTruncationNote,
} from "./truncation.js";
import { findSecrets } from "./find-secrets.js";
import { findCredentialPatterns } from "./find-credential-patterns.js";
import { keepWholeCharacters } from "./keep-whole-characters.js";
import { redacted } from "./redacted.js";
import { mergeRanges, type TextRange } from "./text-range.js";

/**
 * Returns `text` with `[redacted]` instead of each of `secrets` and of everything that looks like a token: `Bearer ...`, a JWT,
 * the user information of a URL. Secrets that overlap are replaced together, so that no part of the longer one is left.
 *
 * At most `limit` characters are kept, `maxTextLength` by default, and a note gives the number of characters that were cut. A
 * secret across the cut is removed completely. The time depends neither on the content of the text nor on its length.
 */
export function redactText(
  text: string,
  secrets: readonly string[],
  limit: number = maxTextLength,
): string {
  const [body, note] = splitTruncationNote(text, limit);
  const window = body.slice(0, maxTextLength + lookahead);
  const ranges = mergeRanges([
    ...findSecrets(window, secrets, window.length < body.length || note !== ""),
    ...findCredentialPatterns(body, window.length),
  ]);
  const [kept, end] = replaceRanges(body, ranges, limit);
  return end < body.length ? kept + formatTruncationNote(body.length - end) : kept + note;
}

/** Replaces the ranges with `[redacted]`. Returns at most `limit` characters, and the index in `body` at which they end. */
function replaceRanges(
  body: string,
  ranges: readonly TextRange[],
  limit: number,
): [string, number] {
  const stop = keepWholeCharacters(body, maxTextLength);
  let result = "";
  let at = 0;
  const rest: TextRange = [stop, stop];
  for (const [from, to] of [...ranges, rest]) {
    const end = keepWholeCharacters(body, Math.min(from, stop, at + limit - result.length));
    if (end > at) {
      result += body.slice(at, end);
      at = end;
    }
    if (at < from || from >= stop || result.length + redacted.length > limit) {
      break;
    }
    result += redacted;
    at = to;
  }
  return [result, Math.min(at, stop)];
}
