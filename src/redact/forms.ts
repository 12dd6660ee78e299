import { encodingsOf } from "./encodings.js";
import { escapesOf, latin1Of } from "./escapes.js";

/** Shorter texts are not looked for: they are parts of too many words. In characters. */
const minLength = 4;

/** Shorter lines of a secret of several lines are not looked for alone. In characters. */
const minLine = 16;

/** Nor are shorter runs of letters and digits; of letters alone they could be a word. In characters. */
const minRun = 12;
const minLetters = 16;

/**
 * The texts as which a secret may stand in an error: itself, its longer lines (of a key in PEM form, without the lines
 * that all keys share), and each of them as JSON, HTML, percent-encoded, form-encoded, as UTF-8 sees it, and all that in
 * base64 and hexadecimal, alone or within something longer. Its longer runs of letters and digits too: those stay the same
 * however often the rest is escaped.
 */
export function formsOfText(secret: string): string[] {
  if (secret.trim().length < minLength) {
    return [];
  }
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const long = lines.filter(
    (line) => line.length >= minLine && !/^-+(?:BEGIN|END) .*-$/.test(line),
  );
  const texts = new Set([secret, secret.trim(), ...(lines.length > 1 ? long : [])]);
  // What a server quotes of a request in JSON is escaped already.
  const sent = new Set([...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]));
  const escaped = new Set([...[...sent].flatMap(escapesOf), ...runsOf(secret)]);
  const forms = [...escaped].flatMap((text) => [
    text,
    ...encodingsOf(new TextEncoder().encode(text)),
  ]);
  return [...new Set(forms)].filter((text) => text.length >= minLength);
}

/** The same for bytes: the texts that one can read in them, and their base64 and hexadecimal forms. */
export function formsOfBytes(secret: Uint8Array): string[] {
  if (secret.length < minLength) {
    return [];
  }
  // What is no UTF-8 arrives as a replacement character, or with one character for each byte.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(secret);
  return [...formsOfText(text), ...formsOfText(latin1Of(secret)), ...encodingsOf(secret)];
}

function runsOf(secret: string): string[] {
  const runs = secret.match(/[A-Za-z0-9]+/g) ?? [];
  return runs.filter((run) => run.length >= (/\d/.test(run) ? minRun : minLetters));
}
