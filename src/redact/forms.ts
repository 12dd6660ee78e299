import { base64Encode } from "@bufbuild/protobuf/wire";

/** Shorter texts are not looked for: they are parts of too many words. In characters. */
const minLength = 4;

/** Shorter lines of a secret of several lines are not looked for alone. In characters. */
const minLine = 16;

/**
 * The texts as which a secret may stand in an error: itself, its longer lines (of a key in PEM form, without the lines
 * that all keys share), and each of them as JSON, percent-encoded, form-encoded, and as UTF-8 sees it.
 */
export function formsOfText(secret: string): string[] {
  if (secret.trim().length < minLength) {
    return [];
  }
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const long = lines.filter(
    (line) => line.length >= minLine && !/^-+(?:BEGIN|END) .*-$/.test(line),
  );
  const forms = [secret, secret.trim(), ...(lines.length > 1 ? long : [])].flatMap((text) => {
    // A lone surrogate has no UTF-8: it arrives as a replacement character.
    const sent = new TextDecoder().decode(new TextEncoder().encode(text));
    const json = JSON.stringify(text).slice(1, -1);
    const form = new URLSearchParams([["", sent]]).toString().slice(1);
    return [
      text,
      sent,
      json,
      // Go's encoding/json writes these as escapes.
      json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
      // protobuf-es escapes nothing else in its error texts.
      text.replaceAll('"', '\\"'),
      ...[encodeURIComponent(sent), encodeURI(sent), form].flatMap(bothCases),
    ];
  });
  return forms.filter((text) => text.length >= minLength);
}

/** The same for bytes: the text that they are, if they are one, and their base64 and hexadecimal forms. */
export function formsOfBytes(secret: Uint8Array): string[] {
  if (secret.length < minLength) {
    return [];
  }
  const hex = Array.from(secret, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const encodings = [base64Encode(secret, "std"), base64Encode(secret, "std_raw")];
  return [
    ...formsOfText(textOf(secret)),
    ...encodings.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]),
    // In a query or a form.
    ...encodings.flatMap((text) => bothCases(encodeURIComponent(text))),
    hex,
    hex.toUpperCase(),
  ];
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}

function bothCases(encoded: string): string[] {
  return [encoded, encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())];
}
