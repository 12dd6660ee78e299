import type { TextRange } from "./text-range.js";
import { redacted } from "./redacted.js";

/**
 * Returns the parts of `text` whose shape shows that they are secret. Each shape was seen in an error text of a lower layer:
 * `Headers` repeats a header that it rejects, `fetch` repeats a URL with a password, and `JSON.parse` of V8 and of WebKit repeats
 * a piece of invalid JSON, which may be a piece of a secret.
 *
 * Only parts that begin before `end` are needed. The time is linear in the text: no search goes backwards or rescans a part that
 * an earlier search has passed.
 */
export function findCredentialPatterns(text: string, end: number): TextRange[] {
  const window = text.slice(0, end);
  return [
    ...findBearerTokens(window),
    ...findJsonWebTokens(window, window.length < text.length),
    ...findUserInfos(text, end),
    ...findQuotesBefore(text, " is not valid JSON"),
    ...findQuotesBefore(text, " is an invalid header "),
    ...findQuotesAfter(text, "JSON Parse error: Unexpected identifier "),
  ];
}

/** The maximum length of a word, in characters. A longer run of letters is a token. */
const maxWordLength = 16;
/** A word of a sentence with its punctuation, or the name of a parameter of a challenge: `Bearer realm="api"`. */
const plainWord = /^(?:[a-z]+[.:!?)]*|[a-z_]+=)$/i;
/** A word that follows "Bearer" in a sentence, or the name of a parameter. */
const wordOfBearer =
  /^(?:auth(?:entication|orization)?|credentials?|header|scheme|tokens?)[.:!?)]*$|=$/i;
/** The text before the value of a header: the header's name, or a quote. */
const headerName = /(?:authorization["']?\s{0,8}[:=,]?\s{0,8}["'`]?|["'`])$/i;

function findBearerTokens(text: string): TextRange[] {
  const found: TextRange[] = [];
  for (const match of text.matchAll(/\b(bearer)\s+([^\s"'`,;<>]+)/gi)) {
    const [all, scheme = "", value = ""] = match;
    const from = match.index + all.length - value.length;
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    const isWord =
      value.length <= maxWordLength &&
      plainWord.test(value) &&
      (scheme === "bearer" || wordOfBearer.test(value)) &&
      (!headerName.test(before) || wordOfBearer.test(value));
    if (!isWord && !value.startsWith(redacted)) {
      found.push([from, from + value.length]);
    }
  }
  return found;
}

/** Finds JSON Web Tokens. With `isCut`, the text was cut and continues, so the beginning of a token at its end counts too. */
function findJsonWebTokens(text: string, isCut: boolean): TextRange[] {
  const found: TextRange[] = [];
  for (const { 0: run, index } of text.matchAll(/[\w.-]+/g)) {
    const endsAtCut = isCut && index + run.length === text.length;
    const parts = run.split(".");
    // The last parts of a run are empty if a full stop follows the token.
    const end = run.length - countTrailingDots(parts);
    let at = 0;
    for (const [number, part] of parts.entries()) {
      const start = part.search(/\beyJ[\w-]/);
      const payload = parts[number + 1];
      const isWhole =
        part.length - start >= 11 &&
        payload !== undefined &&
        payload.length >= 2 &&
        number + 2 < parts.length;
      if (start >= 0 && (isWhole || endsAtCut)) {
        found.push([index + at + start, index + end]);
        break;
      }
      at += part.length + 1;
    }
  }
  return found;
}

/** Returns the number of dots at the end of a run that was split at its dots. */
function countTrailingDots(parts: readonly string[]): number {
  let count = 0;
  while (count < parts.length - 1 && parts[parts.length - 1 - count] === "") {
    count++;
  }
  return count;
}

/** Returns the user name and password of each URL, without the `@`. */
function findUserInfos(text: string, end: number): TextRange[] {
  const found: TextRange[] = [];
  const authorityEnd = /[/?#\s"'`<>]|$/g;
  for (let at = text.indexOf("://"); at >= 0 && at < end; at = text.indexOf("://", at + 3)) {
    const from = at + 3;
    authorityEnd.lastIndex = from;
    const authority = text.slice(from, authorityEnd.exec(text)?.index);
    const length = authority.lastIndexOf("@");
    const hasScheme = /[a-z0-9+.-]/i.test(text.charAt(at - 1));
    if (hasScheme && length > 0 && authority.slice(0, length) !== redacted) {
      found.push([from, from + length]);
    }
  }
  return found;
}

/**
 * Returns the double-quoted text before each `marker`, with its quotes. The range begins at the first quote after the last
 * marker, because the text may itself contain quotes.
 */
function findQuotesBefore(text: string, marker: string): TextRange[] {
  const found: TextRange[] = [];
  let from = 0;
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, from)) {
    // V8 marks omitted text with dots.
    const last = text.startsWith('"...', at - 4) ? at - 4 : at - 1;
    const first = text.indexOf('"', from);
    if (text[last] === '"' && first >= 0 && first < last) {
      found.push([first - (text.startsWith("...", first - 3) ? 3 : 0), at]);
    }
    from = at + marker.length;
  }
  return found;
}

/** Returns the double-quoted text after each `marker`, with its quotes. */
function findQuotesAfter(text: string, marker: string): TextRange[] {
  const found: TextRange[] = [];
  for (let at = text.indexOf(`${marker}"`); at >= 0; at = text.indexOf(`${marker}"`, at + 1)) {
    const from = at + marker.length;
    const end = text.indexOf('"', from + 1);
    found.push([from, end < 0 ? text.length : end + 1]);
  }
  return found;
}
