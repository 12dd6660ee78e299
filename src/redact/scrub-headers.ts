import { base64Decode } from "@bufbuild/protobuf/wire";
import { toBase64, withoutPadding } from "./base64.js";
import { maxText } from "./cut.js";
import { redacted } from "./redacted.js";
import { scrubBytes } from "./scrub-bytes.js";
import { scrubText } from "./scrub-text.js";

/** The headers that hold nothing but secrets, in lower case. */
export const secretHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "set-cookie",
]);

/** The most of a header that is decoded, in characters: a character is percent-encoded with at most twelve. */
const maxEncoded = 16 * maxText;

/** Returns the value of a header without secrets, cut where it is too long. */
export function scrubHeader(name: string, value: string, secrets: readonly string[]): string {
  if (secretHeaders.has(name.toLowerCase())) {
    return redacted;
  }
  try {
    if (name.endsWith("-bin") && value.length <= maxEncoded) {
      // Metadata of gRPC: bytes as base64, of an error above all its message once more.
      return value.replace(/[^,\s]+/g, (item) => {
        const bytes = base64Decode(item);
        const scrubbed = scrubBytes(bytes, secrets);
        return scrubbed === bytes ? item : withoutPadding(toBase64(scrubbed));
      });
    }
    if (name === "grpc-message") {
      const message = percentDecode(value.slice(0, maxEncoded)) + value.slice(maxEncoded);
      const scrubbed = scrubText(message, secrets);
      return scrubbed === message ? value : encodeURIComponent(scrubbed);
    }
  } catch {
    // The value is not what the name says: it is scrubbed as any other.
  }
  // A header can only hold Latin-1.
  return scrubText(value, secrets).replace(/… (?=\[cut: [^\]]{1,64}\]$)/, "... ");
}

/** Decodes escapes in one pass, and leaves what is no escape as it is. */
function percentDecode(value: string): string {
  const sent = new TextEncoder().encode(value);
  let length = 0;
  for (let at = 0; at < sent.length; at++) {
    const digits =
      sent[at] === percent ? String.fromCharCode(...sent.subarray(at + 1, at + 3)) : "";
    const isEscape = /^[0-9a-f]{2}$/i.test(digits);
    sent[length++] = isEscape ? Number.parseInt(digits, 16) : (sent[at] ?? 0);
    at += isEscape ? 2 : 0;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(sent.subarray(0, length));
}

const percent = 0x25;
