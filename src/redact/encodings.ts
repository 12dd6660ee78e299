import { toBase64, withoutPadding } from "./base64.js";

/** Shorter pieces of base64 are not looked for: they are parts of too many texts. In characters. */
const minPiece = 8;

/** Returns bytes in base64, alone and as a part of something longer, and in hexadecimal. */
export function encodingsOf(bytes: Uint8Array): string[] {
  const hex = hexOf(bytes);
  const padded = toBase64(bytes);
  return [
    ...new Set([padded, withoutPadding(padded), ...piecesOf(bytes)].flatMap(variantsOf)),
    hex,
    hex.toUpperCase(),
  ];
}

/** Returns base64 as it is, in the alphabet of URLs, and percent-encoded for a query or a form. */
function variantsOf(base64: string): string[] {
  if (!/[+/=]/.test(base64)) {
    return [base64];
  }
  const encoded = encodeURIComponent(base64);
  return [
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    encoded,
    encoded.replaceAll("%2B", "%2b").replaceAll("%2F", "%2f").replaceAll("%3D", "%3d"),
  ];
}

/**
 * Returns the characters that stand for these bytes and nothing else in the base64 of something longer. They depend on where
 * in a group of three bytes the first one comes to stand.
 */
function piecesOf(bytes: Uint8Array): string[] {
  const pieces = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return toBase64(shifted).slice(first, end);
  });
  return pieces.filter((piece) => piece.length >= minPiece);
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) {
    hex += hexOfByte[byte];
  }
  return hex;
}
