import { cutNote, lookahead, maxText, splitNote } from "./cut.js";
import { findSecrets, mergeRanges, type Range } from "./find-secrets.js";
import { findShapes } from "./find-shapes.js";
import { redacted } from "./redacted.js";

/**
 * Returns `text` with `[redacted]` in place of each of `secrets`, and of what looks like a token: `Bearer ...`, a JWT, the
 * user information of a URL. Secrets that overlap are taken out together, so that no part of the longer one is left.
 *
 * At most `limit` characters are kept, `maxText` by default, and a remark says how many were cut. A secret that the cut would
 * split is taken out whole. The time does not depend on what is in the text, nor on how long it is.
 */
export function scrubText(
  text: string,
  secrets: readonly string[],
  limit: number = maxText,
): string {
  const [body, note] = splitNote(text, limit);
  const window = body.slice(0, maxText + lookahead);
  const ranges = mergeRanges([
    ...findSecrets(window, secrets, window.length < body.length || note !== ""),
    ...findShapes(body, window.length),
  ]);
  const [kept, end] = render(body, ranges, limit);
  return end < body.length ? kept + cutNote(body.length - end) : kept + note;
}

/** Writes `[redacted]` in place of the ranges. Returns `limit` characters at most, and where in `body` they end. */
function render(body: string, ranges: readonly Range[], limit: number): [string, number] {
  const stop = wholeCharacters(body, maxText);
  let result = "";
  let at = 0;
  const rest: Range = [stop, stop];
  for (const [from, to] of [...ranges, rest]) {
    const end = wholeCharacters(body, Math.min(from, stop, at + limit - result.length));
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

/** Returns `end`, or one less if it would split a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  const isSplit = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return isSplit ? end - 1 : Math.min(end, text.length);
}
