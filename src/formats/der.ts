/** A value in DER: its tag, its content and the bytes that follow the value. */
interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** The tags of the values that keys and certificates consist of. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** The value [0] with other values inside: the version of a certificate, the curve of a key. */
  context0: 0xa0,
  /** The value [1] with other values inside. */
  context1: 0xa1,
  /** The value [3] with other values inside: the extensions of a certificate. */
  context3: 0xa3,
} as const;

/** The first bytes of a value: its tag and the range of its content. */
interface DerHeader {
  readonly tag: number;
  readonly start: number;
  /** The index after the content, which may be beyond the last byte. */
  readonly end: number;
}

/** Encodes a value, whose content consists of the given parts. From 128 bytes on, its length has as many bytes as it needs. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = parts.flatMap((part) => Array.from(part));
  const digits: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) {
    digits.unshift(rest % 256);
  }
  const length = content.length < 0x80 ? [content.length] : [0x80 + digits.length, ...digits];
  return Uint8Array.from([tag, ...length, ...content]);
}

/**
 * Reads the header of the value at the start. Returns undefined if the header is cut off, if the length is not in the shortest
 * form, or if the tag has more than one byte.
 */
export function readDerHeader(bytes: Uint8Array): DerHeader | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) {
    return undefined;
  }
  if (first < 0x80) {
    return { tag, start: 2, end: 2 + first };
  }
  const start = 2 + first - 0x80;
  const digits = bytes.subarray(2, start);
  const length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  const isShortest = digits[0] !== 0 && length >= 0x80;
  return digits.length >= 1 && digits.length <= 4 && start <= bytes.length && isShortest
    ? { tag, start, end: start + length }
    : undefined;
}

/** Reads the value at the start. Returns undefined if the value is cut off or `readDerHeader` rejects its header. */
export function readDer(bytes: Uint8Array): DerValue | undefined {
  const header = readDerHeader(bytes);
  if (header === undefined || header.end > bytes.length) {
    return undefined;
  }
  const { tag, start, end } = header;
  return { tag, content: bytes.subarray(start, end), rest: bytes.subarray(end) };
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

/** Reads all values up to the end. Returns undefined if one of them is malformed. */
export function readAllDer(bytes: Uint8Array): DerValue[] | undefined {
  const values: DerValue[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const value = readDer(rest);
    if (value === undefined) {
      return undefined;
    }
    values.push(value);
    ({ rest } = value);
  }
  return values;
}

/** Returns true for the content of an INTEGER in the shortest form. */
export function isDerInteger(content: Uint8Array): boolean {
  const [first, second] = content;
  const isPadded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  return first !== undefined && !isPadded;
}

/** Returns true for the content of an INTEGER in the shortest form that is not negative. */
export function isDerNaturalNumber(content: Uint8Array): boolean {
  return isDerInteger(content) && (content[0] ?? 0) < 0x80;
}

/** Returns true for the content of an OBJECT IDENTIFIER: numbers of 31 bits in the shortest form. */
export function isDerObjectIdentifier(content: Uint8Array): boolean {
  let number = 0;
  let isAtStart = true;
  for (const byte of content) {
    if (isAtStart && byte === 0x80) {
      return false;
    }
    number = (isAtStart ? 0 : number) * 128 + (byte & 0x7f);
    isAtStart = byte < 0x80;
    if (number > 0x7fffffff) {
      return false;
    }
  }
  return content.length > 0 && isAtStart;
}

/** Returns true for the content of a BIT STRING whose unused bits are zero. */
export function isDerBitString(content: Uint8Array): boolean {
  const [unused = 8] = content;
  const last = content.at(-1) ?? 0;
  return unused < 8 && (content.length === 1 ? unused === 0 : (last & ((1 << unused) - 1)) === 0);
}
