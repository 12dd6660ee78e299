import type { Readable } from "node:stream";
import { maxBodyBytes } from "../wire/http-message.js";
import type { ConnectionLimits } from "./connection-limits.js";

/**
 * An error for a body that was not read to its end. `status` is the HTTP status of the response, or `undefined` if the client
 * disconnected.
 */
export class UnreadBodyError extends Error {
  override readonly name = "UnreadBody";
  constructor(readonly status: 408 | 503 | undefined) {
    super(`the body was not read (${status})`);
  }
}

/** A function that reads a whole body, or the beginning of a body that is too large. */
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
  let unfinished = 0;
  return (source) =>
    new Promise((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      let length = 0;
      let settled = false;
      const settle = (error?: UnreadBodyError): void => {
        if (settled) {
          return;
        }
        settled = true;
        clearTimeout(timer);
        unfinished -= bytes.length;
        if (error === undefined) {
          resolve(
            new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(length, maxBodyBytes + 1)),
          );
        } else {
          reject(error);
        }
        bytes = Buffer.alloc(0);
      };
      const timer = setTimeout(() => settle(new UnreadBodyError(408)), bodyMs);
      source.on("data", (chunk: Buffer) => {
        if (settled) {
          return;
        }
        // Double the buffer, so that many small chunks cost no more than one large chunk.
        if (length + chunk.length > bytes.length) {
          const room = Math.max(length + chunk.length, length === 0 ? 0 : 2 * bytes.length);
          const larger = Buffer.from(new ArrayBuffer(room));
          larger.set(bytes.subarray(0, length));
          unfinished += room - bytes.length;
          bytes = larger;
        }
        bytes.set(chunk, length);
        length += chunk.length;
        if (length > maxBodyBytes) {
          settle();
        } else if (unfinished > unfinishedBytes) {
          settle(new UnreadBodyError(503));
        }
      });
      source.once("end", () => settle());
      source.once("error", () => settle(new UnreadBodyError(undefined)));
      source.once("close", () => settle(new UnreadBodyError(undefined)));
    });
}
