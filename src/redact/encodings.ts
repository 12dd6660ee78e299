import { toBase64, withoutPadding } from "./base64.js";

/** Longer secrets are not looked for within other base64: that would take its time. In bytes. */
const maxLength = 8192;

/** Shorter pieces of base64 are not looked for: they are parts of too many texts. In characters. */
const minPiece = 8;

/** Bytes in base64, alone and as a part of something longer, and in hexadecimal. */
export function encodingsOf(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const alone = [toBase64(bytes), withoutPadding(toBase64(bytes))];
  return [
    ...[...alone, ...(bytes.length > maxLength ? [] : piecesOf(bytes))].flatMap((text) => [
      text,
      text.replaceAll("+", "-").replaceAll("/", "_"),
      // In a query or a form.
      encodeURIComponent(text),
      encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    ]),
    hex,
    hex.toUpperCase(),
  ];
}

/**
 * The characters that stand for these bytes and nothing else in the base64 of something longer. They depend on where in a
 * group of three bytes the first one comes to stand.
 */
function piecesOf(bytes: Uint8Array): string[] {
  const pieces = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return withoutPadding(toBase64(shifted)).slice(first, end);
  });
  return pieces.filter((piece) => piece.length >= minPiece);
}
