import { maxTextLength, lookahead } from "./truncation.js";
import { keepWholeCharacters } from "./keep-whole-characters.js";
import { listBinaryEncodings } from "./binary-encodings.js";
import { listTextEscapes } from "./text-escapes.js";
import { toLatin1 } from "../utils/to-latin1.js";

/** The minimum length of a text to search for, in characters. Shorter texts are parts of too many words. */
const minLength = 4;

/** The minimum length of a line of a multi-line secret to search for on its own, in characters. */
const minLine = 16;

/**
 * The minimum lengths of a run of letters and digits to search for, in characters. A run of letters alone could be a word, so its
 * minimum is higher.
 */
const minRun = 12;
const minLetters = 16;

/** The maximum length of a text to search for, in characters. Kept texts are never longer. */
const maxLength = maxTextLength + lookahead;

/** The maximum number of lines, and of runs, to search for in all encodings. Further ones are searched for unencoded. */
const maxParts = 128;

/**
 * Returns all texts in which a secret may appear in an error.
 *
 * - The secret itself, and its longer lines, except the BEGIN and END lines of PEM.
 * - Each of them as JSON, as HTML, percent-encoded, form-encoded, and as decoded UTF-8.
 * - All of these in base64 and hexadecimal, alone or within longer data.
 * - The longer runs of letters and digits, which stay the same however often the rest is escaped.
 *
 * No form is longer than the texts that are kept, so a very large secret is recognized by its beginning.
 */
export function listTextVariants(secret: string): string[] {
  const trimmed = secret.trim();
  if (trimmed.length < minLength) {
    return [];
  }
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const longLines = lines.filter(
    (line) => line.length >= minLine && !/^-+(?:BEGIN|END) .*-$/.test(line),
  );
  const parts = [secret, trimmed, ...(lines.length > 1 ? longLines : [])].map(takeBeginning);
  const [texts, moreTexts] = splitAtMaxParts([...new Set(parts)]);
  const [runs, moreRuns] = splitAtMaxParts([
    ...new Set(listAlphanumericRuns(secret).map(takeBeginning)),
  ]);
  // A server may quote a JSON request, in which the text is already escaped.
  const textsAndJson = new Set(texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]));
  const escaped = new Set(
    [...[...textsAndJson].flatMap(listTextEscapes), ...runs].map(takeBeginning),
  );
  const encoder = new TextEncoder();
  const variants = new Set([...moreTexts, ...moreRuns]);
  for (const text of escaped) {
    variants.add(text);
    for (const encoding of listBinaryEncodings(encoder.encode(text))) {
      variants.add(encoding);
    }
  }
  return [...new Set([...variants].map(takeBeginning))].filter((text) => text.length >= minLength);
}

/**
 * Returns all texts in which a secret of bytes may appear: the texts that the bytes decode to, and their base64 and hexadecimal
 * forms.
 */
export function listBytesVariants(secret: Uint8Array): string[] {
  if (secret.length < minLength) {
    return [];
  }
  // Bytes that are not UTF-8 appear as replacement characters, or as one character for each byte.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(secret);
  const beginning = secret.subarray(0, maxLength);
  return [
    ...new Set([
      ...listTextVariants(text),
      ...listTextVariants(toLatin1(secret)),
      ...listBinaryEncodings(beginning).map(takeBeginning),
    ]),
  ];
}

/** Returns the part of a long text to search for. */
function takeBeginning(text: string): string {
  return text.slice(0, keepWholeCharacters(text, maxLength));
}

function splitAtMaxParts(
  parts: readonly string[],
): [first: readonly string[], more: readonly string[]] {
  return [parts.slice(0, maxParts), parts.slice(maxParts)];
}

function listAlphanumericRuns(secret: string): string[] {
  const runs = secret.match(/[A-Za-z0-9]+/g) ?? [];
  return runs.filter((run) => run.length >= (/\d/.test(run) ? minRun : minLetters));
}
