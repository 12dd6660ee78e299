import { promisify } from "node:util";
import { gunzip, gzip as compress } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";

/** gzip, for calls of the suite that want it. */
export const gzip: Compression = {
  name: "gzip",
  compress: async (bytes) => new Uint8Array(await promisify(compress)(bytes)),
  async decompress(bytes, readMaxBytes) {
    if (bytes.length === 0) {
      return new Uint8Array();
    }
    try {
      return new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: readMaxBytes }));
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      throw ConnectError.from(error, tooLarge ? Code.ResourceExhausted : Code.Internal);
    }
  },
};
