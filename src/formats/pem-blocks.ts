import { fromBase64 } from "../utils/from-base64.js";
import { toLatin1 } from "../utils/to-latin1.js";

/** A block of a PEM file. */
interface PemBlock {
  /** The text after BEGIN, e.g. `CERTIFICATE`. */
  readonly label: string;
  /** The number of header lines, such as `Proc-Type: 4,ENCRYPTED`, before the content. */
  readonly headers: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

const beginMark = "-----BEGIN ";
const endMark = "\n-----END ";
const dashes = "-----";

/**
 * Yields the blocks that Go's `pem.Decode` finds in a file, in order. ZITADEL reads certificates and keys with `pem.Decode`. A
 * block begins at the start of a line and ends at the end of a line; indented blocks and blocks after a byte order mark do not
 * count.
 */
export function* readPemBlocks(bytes: Uint8Array): Generator<PemBlock> {
  let rest = toLatin1(bytes);
  for (;;) {
    const found = readNextBlock(rest);
    if (found === undefined) {
      return;
    }
    yield found.block;
    rest = found.rest;
  }
}

/** Returns the first block and the text after it. Follows Go's `pem.Decode` step by step. */
function readNextBlock(text: string): { block: PemBlock; rest: string } | undefined {
  let rest = text;
  let afterEnd = 0;
  for (;;) {
    if (afterEnd < 0 || afterEnd > rest.length) {
      return undefined;
    }
    rest = rest.slice(afterEnd);
    let endIndex = rest.indexOf(endMark);
    if (endIndex < 0) {
      return undefined;
    }
    afterEnd = endIndex + endMark.length;
    // Use the last BEGIN before END: an earlier BEGIN has no END of its own.
    const beginIndex = rest.slice(0, endIndex).lastIndexOf(beginMark);
    if (beginIndex < 0 || (beginIndex > 0 && rest[beginIndex - 1] !== "\n")) {
      continue;
    }
    const skip = (length: number): void => {
      rest = rest.slice(length);
      endIndex -= length;
      afterEnd -= length;
    };
    skip(beginIndex + beginMark.length);
    const typeLine = readFirstLine(rest);
    skip(typeLine.length);
    if (!typeLine.text.endsWith(dashes)) {
      continue;
    }
    const label = typeLine.text.slice(0, -dashes.length);
    let headers = 0;
    let line = readFirstLine(rest);
    while (line.text.includes(":")) {
      skip(line.length);
      headers++;
      line = readFirstLine(rest);
    }
    if (rest === "") {
      return undefined;
    }
    if (headers > 0 && endIndex < 0) {
      continue;
    }
    const endLine = readFirstLine(rest.slice(afterEnd)).text;
    const content = endIndex > 0 ? decodePaddedBase64(rest.slice(0, endIndex)) : new Uint8Array();
    if (endLine !== label + dashes || content === undefined) {
      continue;
    }
    const block = { label, headers, content };
    const lastLine = endIndex + endMark.length - 1;
    return { block, rest: rest.slice(lastLine + readFirstLine(rest.slice(lastLine)).length) };
  }
}

/** Returns the first line without trailing blanks, and the length of the line including the blanks and the line end. */
function readFirstLine(text: string): { text: string; length: number } {
  const index = text.indexOf("\n");
  const line = index < 0 ? text : text.slice(0, index).replace(/\r$/, "");
  let length = line.length;
  while (length > 0 && (line[length - 1] === " " || line[length - 1] === "\t")) {
    length--;
  }
  return { text: line.slice(0, length), length: index < 0 ? text.length : index + 1 };
}

/** Decodes base64. Padding is required, as in Go. Returns undefined if the text is malformed. */
function decodePaddedBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const dense = text.replace(/[ \t\r\n]/g, "");
  const isBase64 = dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
  return isBase64 ? fromBase64(dense) : undefined;
}
