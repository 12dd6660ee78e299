import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { onAbort } from "./abort.js";
import { answerTooLarge } from "./answer-limit.js";
import { ByteCollector } from "./byte-collector.js";

/** A compression whose work can be ended: Connect's own interface gives it no signal. */
export interface AbortableCompression extends Compression {
  decompress(
    bytes: Uint8Array,
    readMaxBytes: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

const compress = promisify(gzip);

/** gzip by `node:zlib`, for `sendCompression` and `acceptCompression`. */
export const compressionGzip: AbortableCompression = {
  name: "gzip",
  async compress(bytes) {
    return await compress(bytes);
  },
  async decompress(bytes, readMaxBytes, signal) {
    // An empty message may be sent as no bytes at all.
    return bytes.byteLength === 0 ? new Uint8Array() : await inflate(bytes, readMaxBytes, signal);
  },
};

/** Inflates piece by piece, because a small answer may inflate to any size: it ends at the limit, and when `signal` aborts. */
function inflate(
  bytes: Uint8Array,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const gunzip = createGunzip();
    const collected = new ByteCollector(maxBytes);
    const fail = (error: unknown): void => {
      gunzip.destroy();
      reject(error);
    };
    const unlisten = signal && onAbort(signal, () => fail(signal.reason));
    gunzip.on("data", (chunk: Buffer<ArrayBuffer>) => {
      if (!collected.add(chunk)) {
        fail(answerTooLarge(maxBytes));
      }
    });
    gunzip.once("end", () => resolve(collected.bytes()));
    gunzip.on("error", () =>
      fail(new ConnectError("decompress: the answer is no gzip", Code.Internal)),
    );
    gunzip.once("close", () => unlisten?.());
    gunzip.end(bytes);
  });
}
