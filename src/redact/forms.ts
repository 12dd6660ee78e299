import { maxText, lookahead } from "./cut.js";
import { encodingsOf } from "./encodings.js";
import { escapesOf, latin1Of } from "./escapes.js";

/** Shorter texts are not looked for: they are parts of too many words. In characters. */
const minLength = 4;

/** Shorter lines of a secret of several lines are not looked for alone. In characters. */
const minLine = 16;

/** Nor are shorter runs of letters and digits; of letters alone they could be a word. In characters. */
const minRun = 12;
const minLetters = 16;

/** What of a secret is looked for: no text is kept that is longer. In characters. */
const maxLength = maxText + lookahead;

/** How many lines, and how many runs, are looked for in all their encodings. The others are looked for as they are. */
const maxParts = 128;

/**
 * Returns the texts as which a secret may stand in an error: itself, its longer lines (of a key in PEM form, without the lines
 * that all keys share), and each of them as JSON, HTML, percent-encoded, form-encoded, as UTF-8 sees it, and all that in
 * base64 and hexadecimal, alone or within something longer. Its longer runs of letters and digits too: those stay the same
 * however often the rest is escaped.
 *
 * No form is longer than a text that is kept, so a very large secret is known by its beginning.
 */
export function formsOfText(secret: string): string[] {
  const trimmed = secret.trim();
  if (trimmed.length < minLength) {
    return [];
  }
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const long = lines.filter(
    (line) => line.length >= minLine && !/^-+(?:BEGIN|END) .*-$/.test(line),
  );
  const parts = [secret, trimmed, ...(lines.length > 1 ? long : [])].map(beginningOf);
  const [texts, moreTexts] = halve([...new Set(parts)]);
  const [runs, moreRuns] = halve([...new Set(runsOf(secret).map(beginningOf))]);
  // What a server quotes of a request in JSON is escaped already.
  const sent = new Set(texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]));
  const escaped = new Set([...[...sent].flatMap(escapesOf), ...runs].map(beginningOf));
  const encoder = new TextEncoder();
  const forms = new Set([...moreTexts, ...moreRuns]);
  for (const text of escaped) {
    forms.add(text);
    for (const encoding of encodingsOf(encoder.encode(text))) {
      forms.add(encoding);
    }
  }
  return [...new Set([...forms].map(beginningOf))].filter((text) => text.length >= minLength);
}

/** Returns the same for bytes: the texts that one can read in them, and their base64 and hexadecimal forms. */
export function formsOfBytes(secret: Uint8Array): string[] {
  if (secret.length < minLength) {
    return [];
  }
  // What is no UTF-8 arrives as a replacement character, or with one character for each byte.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(secret);
  const beginning = secret.subarray(0, maxLength);
  return [
    ...new Set([
      ...formsOfText(text),
      ...formsOfText(latin1Of(secret)),
      ...encodingsOf(beginning).map(beginningOf),
    ]),
  ];
}

/** Returns what is looked for of a long text. */
function beginningOf(text: string): string {
  if (text.length <= maxLength) {
    return text;
  }
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(maxLength - 1));
  return text.slice(0, isSplit ? maxLength - 1 : maxLength);
}

function halve(parts: readonly string[]): [first: readonly string[], more: readonly string[]] {
  return [parts.slice(0, maxParts), parts.slice(maxParts)];
}

function runsOf(secret: string): string[] {
  const runs = secret.match(/[A-Za-z0-9]+/g) ?? [];
  return runs.filter((run) => run.length >= (/\d/.test(run) ? minRun : minLetters));
}
