import type { ClientSessionOptions, SecureClientSessionOptions } from "node:http2";
import type { Interceptor } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import type { BinaryOptions } from "./binary.js";
import type { Http2SessionManager } from "./http2/http2-session-manager.js";
import type { Http2SessionOptions } from "./http2/http2-session-options.js";

/** Options of `createGrpcTransport`. Names and meanings are those of connect-node's transport. */
export interface GrpcTransportOptions extends Http2SessionOptions {
  /** The base URL of the server. */
  baseUrl: string;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /** Options for reading and writing messages in binary. */
  binaryOptions?: BinaryOptions | undefined;
  /** The timeout of calls that set none, in milliseconds. Default: 0, which means none. */
  defaultTimeoutMs?: number | undefined;
  /**
   * The connection, if you want to share it or to close it. Default: a connection of its own, which closes after it has been idle
   * for a while.
   */
  sessionManager?: Http2SessionManager | undefined;
  /** Options of `node:http2` for connecting, e.g. `ca` for the certificate of your own authority. */
  nodeOptions?: ClientSessionOptions | SecureClientSessionOptions | undefined;
  /** The compressions that responses may use. Default: gzip. */
  acceptCompression?: Compression[] | undefined;
  /** The compression of requests, e.g. `compressionGzip`. Default: none. */
  sendCompression?: Compression | null | undefined;
  /** The minimum length of a request to compress, in bytes. Default: 1024. */
  compressMinBytes?: number | undefined;
  /**
   * The maximum length of a response in bytes, both compressed and decompressed. A longer one fails with `resource_exhausted`.
   * Default: 64 MiB.
   */
  readMaxBytes?: number | undefined;
  /** The maximum length of a request in bytes. A longer one fails with `resource_exhausted` and is not sent. Default: 4 GiB. */
  writeMaxBytes?: number | undefined;
}
