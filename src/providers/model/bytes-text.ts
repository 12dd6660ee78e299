/** The prefix of bytes that are not text. */
const base64Prefix = "base64:";

/** The rule for the text of bytes, as errors state it. */
export const bytesRuleText = "must be text, or base64: followed by valid base64";

/**
 * Returns bytes as text if they are UTF-8, otherwise as base64 with a prefix. Keeps a byte order mark, so that the text stands for
 * exactly these bytes.
 */
export function bytesToText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith(base64Prefix)) {
      return text;
    }
  } catch {
    // Not UTF-8.
  }
  return base64Prefix + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Returns the bytes of a text. Throws if the text begins with `base64:` and the rest is not base64. */
export function textToBytes(text: string): Uint8Array<ArrayBuffer> {
  return text.startsWith(base64Prefix)
    ? Uint8Array.from(atob(text.slice(base64Prefix.length)), (char) => char.charCodeAt(0))
    : new TextEncoder().encode(text);
}

/** Returns the number of bytes of a text, or undefined if its base64 is invalid. */
export function countBytes(text: string): number | undefined {
  try {
    return textToBytes(text).length;
  } catch {
    return undefined;
  }
}
