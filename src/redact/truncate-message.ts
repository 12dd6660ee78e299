import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { concatBytes } from "../utils/concat-bytes.js";
import { tryDecodeUtf8 } from "../utils/try-decode-utf8.js";

/** A function that removes secrets from a text and cuts it to `limit` characters. */
type RedactText = (text: string, limit: number) => string;

/** The maximum nesting depth. Deeper messages are dropped. */
const maxMessageDepth = 16;

/** The minimum space for a field, in bytes. With less space left, the field is dropped. */
const minFieldSize = 16;

/**
 * Shortens a protobuf message of any type to about `limit` bytes: long texts in it are redacted and cut, and the last fields are
 * dropped. The result can still be decoded. Returns undefined if `bytes` are not a message.
 */
export function truncateMessage(
  bytes: Uint8Array,
  limit: number,
  redact: RedactText,
): Uint8Array<ArrayBuffer> | undefined {
  const text = tryDecodeText(bytes);
  if (text !== undefined && !isAmbiguous(text)) {
    return undefined;
  }
  try {
    return truncateFields(bytes, limit, redact, 0);
  } catch {
    return undefined;
  }
}

function truncateFields(
  bytes: Uint8Array,
  limit: number,
  redact: RedactText,
  depth: number,
): Uint8Array<ArrayBuffer> {
  if (depth > maxMessageDepth) {
    throw new Error("the message is nested too deep");
  }
  const reader = new BinaryReader(bytes);
  const fields: Uint8Array[] = [];
  let bytesLeft = limit;
  while (reader.pos < reader.len && bytesLeft >= minFieldSize) {
    const from = reader.pos;
    const [number, type] = reader.tag();
    let field: Uint8Array;
    if (type === WireType.LengthDelimited) {
      const value = truncateValue(reader.bytes(), bytesLeft, redact, depth);
      field = new BinaryWriter().tag(number, type).bytes(value).finish();
    } else {
      reader.skip(type, number);
      field = bytes.subarray(from, reader.pos);
    }
    fields.push(field);
    bytesLeft -= field.length;
  }
  return concatBytes(fields);
}

function truncateValue(
  value: Uint8Array,
  limit: number,
  redact: RedactText,
  depth: number,
): Uint8Array {
  if (value.length <= limit) {
    return value;
  }
  const text = tryDecodeText(value);
  if (text === undefined || isAmbiguous(text)) {
    try {
      return truncateFields(value, limit, redact, depth + 1);
    } catch {
      // Neither a message nor a text: the value is dropped.
    }
  }
  return new TextEncoder().encode(redact(text ?? "", limit));
}

/** Returns true for a text that may be a message: a line break is the same byte as the tag of field number 1. */
function isAmbiguous(text: string): boolean {
  return text.startsWith("\n");
}

/** Decodes bytes as UTF-8 text. Returns undefined for invalid UTF-8 and for bytes that no text contains. */
function tryDecodeText(bytes: Uint8Array): string | undefined {
  const text = tryDecodeUtf8(bytes);
  // oxlint-disable-next-line no-control-regex -- the tags of fields are control characters
  return text === undefined || /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? undefined : text;
}
