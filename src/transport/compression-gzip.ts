import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { onAbort } from "../utils/abort.js";
import { createResponseTooLargeError } from "./response-limit.js";
import { ByteCollector } from "../utils/byte-collector.js";

/** A compression that can be aborted. Connect's own interface passes it no signal. */
export interface AbortableCompression extends Compression {
  decompress(
    bytes: Uint8Array,
    readMaxBytes: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

const compress = promisify(gzip);

/**
 * The gzip compression of `node:zlib`, for `sendCompression` and `acceptCompression`.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl, sendCompression: compressionGzip });
 */
export const compressionGzip: AbortableCompression = {
  name: "gzip",
  async compress(bytes) {
    return await compress(bytes);
  },
  async decompress(bytes, readMaxBytes, signal) {
    // An empty message may be sent without any bytes.
    return bytes.byteLength === 0 ? new Uint8Array() : await inflate(bytes, readMaxBytes, signal);
  },
};

/** Decompresses in pieces, because a small response may decompress to any size. Rejects at the limit, and when `signal` aborts. */
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
    const stopListening = signal && onAbort(signal, () => fail(signal.reason));
    gunzip.on("data", (chunk: Buffer<ArrayBuffer>) => {
      if (!collected.add(chunk)) {
        fail(createResponseTooLargeError(maxBytes));
      }
    });
    gunzip.once("end", () => resolve(collected.bytes()));
    gunzip.on("error", () =>
      fail(new ConnectError("decompress: the response is not gzip", Code.Internal)),
    );
    gunzip.once("close", () => stopListening?.());
    gunzip.end(bytes);
  });
}
