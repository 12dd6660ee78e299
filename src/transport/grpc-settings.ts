import type { Compression } from "@connectrpc/connect/protocol";
import { checkNumbers, type NumberRule } from "../utils/check-number.js";
import type { BinaryOptions } from "./binary.js";
import { type AbortableCompression, compressionGzip } from "./compression-gzip.js";
import type { Http2SessionManager } from "./http2/http2-session-manager.js";
import { formatHostWithPort } from "../utils/host-with-port.js";
import { bytesRule, checkTransportOptions, defaultReadMaxBytes } from "./transport-options.js";
import type { GrpcTransportOptions } from "./grpc-transport-options.js";

type NumberOption = "connectTimeoutMs" | "writeMaxBytes" | "compressMinBytes";

const numberRules: Readonly<Record<NumberOption, NumberRule>> = {
  connectTimeoutMs: {},
  writeMaxBytes: bytesRule,
  compressMinBytes: { ...bytesRule, least: 0 },
};

/** The checked options, with defaults. */
export interface GrpcSettings {
  readonly sessions: Http2SessionManager;
  /** The host and port of the server, for `:authority`. */
  readonly server: string;
  readonly binaryOptions: BinaryOptions | undefined;
  readonly acceptCompression: readonly AbortableCompression[];
  /** The names of `acceptCompression`. */
  readonly acceptEncoding: string;
  readonly sendCompression: Compression | undefined;
  readonly compressMinBytes: number;
  readonly readMaxBytes: number;
  readonly writeMaxBytes: number;
}

/** Checks the options, and applies the defaults. Throws a TypeError that names the invalid option. */
export function checkGrpcOptions(
  sessions: Http2SessionManager,
  options: GrpcTransportOptions,
): GrpcSettings {
  checkTransportOptions(options);
  checkNumbers(options, numberRules);
  const { acceptCompression = [compressionGzip] } = options;
  return {
    sessions,
    server: formatHostWithPort(new URL(sessions.authority)),
    binaryOptions: options.binaryOptions,
    acceptCompression,
    acceptEncoding: acceptCompression.map(({ name }) => name).join(","),
    sendCompression: options.sendCompression ?? undefined,
    compressMinBytes: options.compressMinBytes ?? 1024,
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    writeMaxBytes: options.writeMaxBytes ?? 0xffff_ffff,
  };
}
