import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { occurrences, redacted, scrubText } from "./scrub-text.js";

/** Headers that are made of nothing but secrets, in lower case. */
export const secretHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "set-cookie",
]);

/** What may be shown of the value of a header. */
export function scrubHeader(name: string, value: string, secrets: readonly string[]): string {
  if (secretHeaders.has(name.toLowerCase())) {
    return redacted;
  }
  try {
    if (name.endsWith("-bin")) {
      // Metadata of gRPC: bytes as base64, of an error above all its message once more.
      return value.replace(/[^,\s]+/g, (item) => {
        const bytes = base64Decode(item);
        const scrubbed = scrubBytes(bytes, secrets);
        return scrubbed === bytes ? item : base64Encode(scrubbed, "std_raw");
      });
    }
    if (name === "grpc-message") {
      const message = decodeURIComponent(value);
      const scrubbed = scrubText(message, secrets);
      return scrubbed === message ? value : encodeURIComponent(scrubbed);
    }
  } catch {
    // Not what the name says, so a text as any other.
  }
  return scrubText(value, secrets);
}

/**
 * `bytes`, or a copy with `*` in the place of each byte of a secret. The length stays, so that a message with the secret
 * in a field can be decoded as before.
 */
export function scrubBytes(bytes: Uint8Array, secrets: readonly string[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const found = occurrences(
    binary(bytes),
    secrets.map((secret) => binary(encoder.encode(secret))),
  );
  if (found.length === 0) {
    return bytes as Uint8Array<ArrayBuffer>;
  }
  const copy = Uint8Array.from(bytes);
  for (const [from, to] of found) {
    copy.fill(0x2a, from, to);
  }
  return copy;
}

/** One character for each byte. */
function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
