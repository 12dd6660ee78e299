import { toLatin1 } from "../utils/to-latin1.js";

/** Encodes bytes in base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(toLatin1(bytes));
}

/** Returns base64 text without its padding. */
export function withoutPadding(base64: string): string {
  // Padding has two characters at most, so no search is needed.
  const length = base64.endsWith("==")
    ? base64.length - 2
    : base64.length - (base64.endsWith("=") ? 1 : 0);
  return base64.slice(0, length);
}
