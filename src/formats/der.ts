/** A value in DER: its tag, its content and the bytes that follow the value. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** The tags of the values that keys and certificates consist of. */
export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  version: 0xa0,
} as const;

/** Reads the value at the start. Returns undefined if the value is cut off or its length is not in the shortest form. */
export function readDer(bytes: Uint8Array): DerValue | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) {
    return undefined;
  }
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  let length = first;
  if (first >= 0x80) {
    const digits = bytes.subarray(2, 2 + lengthBytes);
    if (lengthBytes < 1 || lengthBytes > 4 || digits.length < lengthBytes || digits[0] === 0) {
      return undefined;
    }
    length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
    if (length < 0x80) {
      return undefined;
    }
  }
  const start = 2 + lengthBytes;
  return start + length > bytes.length
    ? undefined
    : { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

/**
 * Reads values with the given tags in the given order. Returns undefined if other values are found. Bytes after the last value
 * are ignored.
 */
export function readDerValues(
  bytes: Uint8Array,
  tags: readonly number[],
): Uint8Array[] | undefined {
  const contents: Uint8Array[] = [];
  let rest = bytes;
  for (const tag of tags) {
    const value = readDer(rest);
    if (value?.tag !== tag) {
      return undefined;
    }
    contents.push(value.content);
    ({ rest } = value);
  }
  return contents;
}
