import { base64Decode } from "@bufbuild/protobuf/wire";
import { toBase64, withoutPadding } from "./base64.js";
import { maxTextLength } from "./truncation.js";
import { redacted } from "./redacted.js";
import { redactBytes } from "./redact-bytes.js";
import { redactText } from "./redact-text.js";

/** The headers that hold nothing but secrets, in lower case. */
export const secretHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "set-cookie",
]);

/** The maximum length of a header value to decode, in characters. Percent-encoding needs at most twelve for one character. */
const maxEncoded = 16 * maxTextLength;

/** Returns the value of a header without secrets, and cuts it if it is too long. */
export function redactHeader(name: string, value: string, secrets: readonly string[]): string {
  if (secretHeaders.has(name.toLowerCase())) {
    return redacted;
  }
  try {
    if (name.endsWith("-bin") && value.length <= maxEncoded) {
      // Binary gRPC metadata is base64. For errors, it usually repeats the message.
      return value.replace(/[^,\s]+/g, (item) => {
        const bytes = base64Decode(item);
        const clean = redactBytes(bytes, secrets);
        return clean === bytes ? item : withoutPadding(toBase64(clean));
      });
    }
    if (name === "grpc-message") {
      const message = decodePercentEscapes(value.slice(0, maxEncoded)) + value.slice(maxEncoded);
      const clean = redactText(message, secrets);
      return clean === message ? value : encodeURIComponent(clean);
    }
  } catch {
    // The value does not have the format of the header: redact it like any other value.
  }
  // A header can only hold Latin-1.
  return redactText(value, secrets).replace(/… (?=\[cut: [^\]]{1,64}\]$)/, "... ");
}

/** Decodes percent-escapes in one pass. Invalid escapes stay unchanged. */
function decodePercentEscapes(value: string): string {
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
