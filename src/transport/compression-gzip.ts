import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** gzip by `node:zlib`, for `sendCompression` and `acceptCompression`. */
export const compressionGzip: Compression = {
  name: "gzip",
  async compress(bytes) {
    return await compress(bytes);
  },
  async decompress(bytes, readMaxBytes) {
    try {
      // An empty message may be sent as no bytes at all.
      return bytes.byteLength === 0
        ? new Uint8Array()
        : await decompress(bytes, { maxOutputLength: readMaxBytes });
    } catch (error) {
      throw isTooLarge(error)
        ? new ConnectError(
            `the answer has more than readMaxBytes (${readMaxBytes})`,
            Code.ResourceExhausted,
          )
        : new ConnectError("decompress: the answer is no gzip", Code.Internal);
    }
  },
};

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
