import { formatTruncationNote, lookahead, maxTextLength } from "./truncation.js";
import { truncateMessage } from "./truncate-message.js";
import { toLatin1 } from "../utils/to-latin1.js";
import { findSecrets } from "./find-secrets.js";
import { redactText } from "./redact-text.js";

/**
 * Returns `bytes`, or a copy with `*` for each byte of a secret. The length stays the same, so that a message with the secret in
 * a field can still be decoded.
 *
 * More than `maxTextLength` bytes are cut. A protobuf message stays decodable: its texts are cut, and its last fields are
 * dropped. Other bytes end with a note that gives the number of bytes that were cut.
 */
export function redactBytes(
  bytes: Uint8Array,
  secrets: readonly string[],
): Uint8Array<ArrayBuffer> {
  if (bytes.length <= maxTextLength) {
    return maskSecrets(bytes, secrets, bytes.length);
  }
  const message = truncateMessage(bytes, maxTextLength, (text, limit) =>
    redactText(text, secrets, limit),
  );
  if (message !== undefined) {
    return maskSecrets(message, secrets, message.length);
  }
  const kept = maskSecrets(bytes.subarray(0, maxTextLength + lookahead), secrets, maxTextLength);
  const note = new TextEncoder().encode(
    formatTruncationNote(bytes.length - maxTextLength, "bytes"),
  );
  return Uint8Array.of(...kept, ...note);
}

/** Returns the first `end` bytes, with `*` for each byte of a secret. A secret that continues after `end` counts too. */
function maskSecrets(
  bytes: Uint8Array,
  secrets: readonly string[],
  end: number,
): Uint8Array<ArrayBuffer> {
  const found = findSecrets(toLatin1(bytes), encodeSecrets(secrets), end < bytes.length);
  if (found.length === 0) {
    return (end === bytes.length ? bytes : bytes.subarray(0, end)) as Uint8Array<ArrayBuffer>;
  }
  const copy = Uint8Array.from(bytes);
  for (const [from, to] of found) {
    copy.fill(0x2a, from, to);
  }
  return copy.subarray(0, end);
}

/** The encoded form of each list. All byte arrays of an error are searched for the same list of secrets. */
const encodedSecrets = new WeakMap<readonly string[], readonly string[]>();

/** Converts secrets to their UTF-8 bytes, with one character for each byte. Returns a list of ASCII as it is. */
function encodeSecrets(secrets: readonly string[]): readonly string[] {
  const known = encodedSecrets.get(secrets);
  if (known !== undefined) {
    return known;
  }
  const encoder = new TextEncoder();
  const isAscii = (secret: string): boolean => /^[\0-\x7f]*$/.test(secret);
  const encoded = secrets.every(isAscii)
    ? secrets
    : [...new Set(secrets.map((secret) => toLatin1(encoder.encode(secret))))];
  encodedSecrets.set(secrets, encoded);
  return encoded;
}
