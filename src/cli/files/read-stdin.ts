import type { Readable } from "node:stream";
import { maxFileBytes, describeTooLarge } from "./file-size-limits.js";

/** Reads standard input to its end. Throws an Error if it is longer than `maxBytes`. */
export async function readStdin(
  stdin: Readable,
  maxBytes: number = maxFileBytes.written,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk as Buffer);
    length += bytes.length;
    if (length > maxBytes) {
      throw new Error(`cannot read standard input: ${describeTooLarge(maxBytes)}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
