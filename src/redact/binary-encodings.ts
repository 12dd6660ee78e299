import { toHex } from "../utils/to-hex.js";
import { toBase64, withoutPadding } from "./base64.js";

/** The minimum length of a piece of base64 to search for, in characters. Shorter pieces occur in too many texts. */
const minPieceLength = 8;

/** Encodes bytes in base64, both alone and as a part of longer data, and in hexadecimal. */
export function listBinaryEncodings(bytes: Uint8Array): string[] {
  const hex = toHex(bytes);
  const padded = toBase64(bytes);
  return [
    ...new Set(
      [padded, withoutPadding(padded), ...listInnerPieces(bytes)].flatMap(listBase64Forms),
    ),
    hex,
    hex.toUpperCase(),
  ];
}

/** Returns base64 text unchanged, in the URL-safe alphabet, and percent-encoded for a query or a form. */
function listBase64Forms(base64: string): string[] {
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
 * Returns the base64 characters that encode only these bytes when the bytes are part of longer data. There are three variants,
 * for the position of the first byte in a group of three.
 */
function listInnerPieces(bytes: Uint8Array): string[] {
  const pieces = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return toBase64(shifted).slice(first, end);
  });
  return pieces.filter((piece) => piece.length >= minPieceLength);
}
