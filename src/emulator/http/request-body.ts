import type { Readable } from "node:stream";
import { maxBodyBytes } from "../wire/http-message.js";
import type { ConnectionLimits } from "./connection-limits.js";

/**
 * An error for a body that was not read to its end. `status` is the HTTP status of the response, or `undefined` if the client
 * disconnected.
 */
export class UnreadBodyError extends Error {
  override readonly name = "UnreadBodyError";
  constructor(readonly status: 408 | 503 | undefined) {
    super(`the body was not read (${status})`);
  }
}

/** A function that reads a complete body, or the beginning of a body that is too large. */
export type RequestBodyReader = (source: Readable) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Creates a function that reads bodies for the connections of one listener.
 *
 * For a body that is too large the function returns one byte more than the limit at once, and discards the rest as it arrives.
 */
export function createRequestBodyReader({
  bodyMs,
  unfinishedBytes,
}: ConnectionLimits): RequestBodyReader {
  let totalUnfinishedBytes = 0;
  return (source) =>
    new Promise((resolve, reject) => {
      const body = new GrowingBuffer();
      let isSettled = false;
      const settle = (error?: UnreadBodyError): void => {
        if (isSettled) {
          return;
        }
        isSettled = true;
        clearTimeout(timer);
        totalUnfinishedBytes -= body.capacity;
        if (error === undefined) {
          resolve(body.toBytes(maxBodyBytes + 1));
        } else {
          reject(error);
        }
        body.clear();
      };
      const timer = setTimeout(() => settle(new UnreadBodyError(408)), bodyMs);
      source.on("data", (chunk: Buffer) => {
        if (isSettled) {
          return;
        }
        const capacity = body.capacity;
        body.append(chunk);
        totalUnfinishedBytes += body.capacity - capacity;
        if (body.length > maxBodyBytes) {
          settle();
        } else if (totalUnfinishedBytes > unfinishedBytes) {
          settle(new UnreadBodyError(503));
        }
      });
      source.once("end", () => settle());
      source.once("error", () => settle(new UnreadBodyError(undefined)));
      source.once("close", () => settle(new UnreadBodyError(undefined)));
    });
}

/** A buffer that doubles when it is full, so that many small chunks cost no more than one large chunk. */
class GrowingBuffer {
  #buffer = Buffer.from(new ArrayBuffer(0));
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The number of bytes that the buffer occupies. */
  get capacity(): number {
    return this.#buffer.length;
  }

  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.capacity) {
      const larger = Buffer.from(
        new ArrayBuffer(Math.max(length, this.#length === 0 ? 0 : 2 * this.capacity)),
      );
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }

  /** Returns the content, at most `maxLength` bytes of it. */
  toBytes(maxLength: number): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.#buffer;
    return new Uint8Array(buffer, byteOffset, Math.min(this.#length, maxLength));
  }

  /** Releases the memory. */
  clear(): void {
    this.#buffer = Buffer.from(new ArrayBuffer(0));
    this.#length = 0;
  }
}
