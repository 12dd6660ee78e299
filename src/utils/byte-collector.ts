/** A collector for the chunks of a body, up to a limit. */
export class ByteCollector {
  readonly #maxBytes: number;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds a chunk. Returns false, and drops the chunk, if the body is longer than the limit. */
  add(chunk: Uint8Array<ArrayBuffer>): boolean {
    const size = this.#size + chunk.byteLength;
    if (size > this.#maxBytes) {
      return false;
    }
    if (this.#bytes === undefined) {
      // Most bodies have one chunk, and need no copy.
      this.#bytes = chunk;
    } else {
      if (size > this.#bytes.byteLength) {
        // Double the buffer instead of keeping the chunks: if each chunk had one byte, the objects of the chunks would take hundreds
        // of times the limit.
        const capacity = Math.min(Math.max(size, 2 * this.#size), this.#maxBytes);
        const larger = new Uint8Array(capacity);
        larger.set(this.#bytes.subarray(0, this.#size));
        this.#bytes = larger;
      }
      this.#bytes.set(chunk, this.#size);
    }
    this.#size = size;
    return true;
  }

  /** Returns the bytes that have arrived so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes ?? new Uint8Array();
    return bytes.byteLength === this.#size ? bytes : bytes.subarray(0, this.#size);
  }
}
