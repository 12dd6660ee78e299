import { base64Decode } from "@bufbuild/protobuf/wire";
import { toBase64, withoutPadding } from "./base64.js";
import { latin1Of } from "./escapes.js";
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
        return scrubbed === bytes ? item : withoutPadding(toBase64(scrubbed));
      });
    }
    if (name === "grpc-message") {
      const message = percentDecode(value);
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
  const found = occurrences(latin1Of(bytes), inBytes(secrets));
  if (found.length === 0) {
    return bytes as Uint8Array<ArrayBuffer>;
  }
  const copy = Uint8Array.from(bytes);
  for (const [from, to] of found) {
    copy.fill(0x2a, from, to);
  }
  return copy;
}

/** Made once for all the bytes of an error. */
const known = new WeakMap<readonly string[], readonly string[]>();

function inBytes(secrets: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  const made = known.get(secrets) ?? [
    ...new Set(secrets.map((secret) => latin1Of(encoder.encode(secret)))),
  ];
  known.set(secrets, made);
  return made;
}

/** Leaves what is no escape as it is. */
function percentDecode(value: string): string {
  return value.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    new TextDecoder().decode(
      Uint8Array.from(escapes.slice(1).split("%"), (digits) => Number.parseInt(digits, 16)),
    ),
  );
}
