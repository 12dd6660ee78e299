import type { Readable } from "node:stream";
import { maxBodyBytes } from "../respond.js";
import type { Limits } from "./limits.js";

/** Why a body is not read to its end; the HTTP status says it to the client. `undefined`: the client is gone. */
export class UnreadBody extends Error {
  override readonly name = "UnreadBody";
  constructor(readonly status: 408 | 503 | undefined) {
    super(`the body was not read (${status})`);
  }
}

/** Reads bodies whole, but for those that are too large. */
export type ReadBody = (source: Readable) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Makes a reader for the connections of a listener. Of a body that is too large it gives one byte more than there may be, at
 * once; what follows is thrown away as it comes.
 */
export function createReadBody({ bodyMs, unfinishedBytes }: Limits): ReadBody {
  let unfinished = 0;
  return (source) =>
    new Promise((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      let length = 0;
      let settled = false;
      const settle = (error?: UnreadBody): void => {
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
      const timer = setTimeout(() => settle(new UnreadBody(408)), bodyMs);
      source.on("data", (chunk: Buffer) => {
        if (settled) {
          return;
        }
        // Doubles its room, so that many small chunks cost no more than one large one.
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
          settle(new UnreadBody(503));
        }
      });
      source.once("end", () => settle());
      source.once("error", () => settle(new UnreadBody(undefined)));
      source.once("close", () => settle(new UnreadBody(undefined)));
    });
}
