import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Returns a text without secrets, with at most `limit` characters. */
type Scrub = (text: string, limit: number) => string;

/** Nested messages that are deeper than this are left out. */
const maxDepth = 16;

/** A field is left out when less than this is left for it, in bytes. */
const minLeft = 16;

/**
 * Returns a protobuf message of any type with about `limit` bytes at most: long texts in it are scrubbed and cut, and the last
 * fields are left out. The message can still be decoded. Returns undefined if `bytes` are no message.
 */
export function cutMessage(
  bytes: Uint8Array,
  limit: number,
  scrub: Scrub,
): Uint8Array<ArrayBuffer> | undefined {
  const text = readText(bytes);
  if (text !== undefined && !isAmbiguous(text)) {
    return undefined;
  }
  try {
    return cut(bytes, limit, scrub, 0);
  } catch {
    return undefined;
  }
}

function cut(
  bytes: Uint8Array,
  limit: number,
  scrub: Scrub,
  depth: number,
): Uint8Array<ArrayBuffer> {
  if (depth > maxDepth) {
    throw new Error("the message is nested too deep");
  }
  const reader = new BinaryReader(bytes);
  const fields: Uint8Array[] = [];
  let left = limit;
  while (reader.pos < reader.len && left >= minLeft) {
    const from = reader.pos;
    const [number, type] = reader.tag();
    const field =
      type === WireType.LengthDelimited
        ? new BinaryWriter()
            .tag(number, type)
            .bytes(cutValue(reader.bytes(), left, scrub, depth))
            .finish()
        : (reader.skip(type, number), bytes.subarray(from, reader.pos));
    fields.push(field);
    left -= field.length;
  }
  return concat(fields);
}

function cutValue(value: Uint8Array, limit: number, scrub: Scrub, depth: number): Uint8Array {
  if (value.length <= limit) {
    return value;
  }
  const text = readText(value);
  if (text === undefined || isAmbiguous(text)) {
    try {
      return cut(value, limit, scrub, depth + 1);
    } catch {
      // Neither a message nor a text: left out.
    }
  }
  return new TextEncoder().encode(scrub(text ?? "", limit));
}

/** A message whose first field has the number 1 begins with the same byte as a text with an empty first line. */
function isAmbiguous(text: string): boolean {
  return text.startsWith("\n");
}

/** Returns the text that bytes in UTF-8 are; undefined for bytes that no text has. */
function readText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- the tags of fields are control characters
    return /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
