/**
 * The gRPC transport for Node.js, Bun and Deno. A call passes these steps:
 *
 * 1. `createGrpcTransportOver` builds the header fields, and `runAttempt` runs the interceptors and the policy.
 * 2. `sendAttempt` encodes the message into a frame, and compresses it if asked to.
 * 3. `exchange` (http2/http2-exchange.ts) waits for a stream, sends the frame and collects the response.
 * 4. `decodeResponse` returns the message of a success, or throws the error of anything else.
 */
import type { ClientSessionOptions, SecureClientSessionOptions } from "node:http2";
import { create, type DescMessage, type DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor, type UnaryResponse } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import { AttemptError } from "../call/attempt-error.js";
import { prepareRequest } from "../call/prepare-request.js";
import { unsentError } from "../call/unsent-error.js";
import { CallTransport } from "../call/call-transport.js";
import type { Deadline } from "../call/deadline.js";
import { attemptTimeoutMs, timeoutHeader } from "../call/timeout-header.js";
import { checkNumbers, type NumberRule } from "../utils/check-number.js";
import { readHeaders } from "../utils/read-headers.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";
import { type BinaryOptions, decodeMessage, encodeMessage } from "./binary.js";
import { type AbortableCompression, compressionGzip } from "./compression-gzip.js";
import { compressedFlag, decodeFrames, type Frame, headBytes, writeFrame } from "./frames.js";
import { exchange, type Http2Response } from "./http2/http2-exchange.js";
import type { Http2SessionManager, Http2SessionOptions } from "./http2/http2-session-manager.js";
import { setAuthority } from "./http2/set-authority.js";
import { toHeaders } from "./http/node-headers.js";
import { rejectStreams } from "./reject-stream.js";
import { type RequestPolicy, type Attempt, type HeaderFields, runAttempt } from "./run-attempt.js";
import { hostWithPort } from "./socket/host-with-port.js";
import { bytesRule, checkTransportOptions, defaultReadMaxBytes } from "./transport-options.js";
import { LazyUnaryResponse } from "./unary-response.js";

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

type NumberOption = "connectTimeoutMs" | "writeMaxBytes" | "compressMinBytes";

const numberRules: Readonly<Record<NumberOption, NumberRule>> = {
  connectTimeoutMs: {},
  writeMaxBytes: bytesRule,
  compressMinBytes: { ...bytesRule, least: 0 },
};

/** The checked options, with defaults. */
interface GrpcSettings {
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

/** Creates a gRPC transport over the connection of `sessions`. `policy` is that of a client. */
export function createGrpcTransportOver(
  sessions: Http2SessionManager,
  options: GrpcTransportOptions,
  policy?: RequestPolicy,
): CallTransport {
  const { interceptors = [] } = options;
  const settings = checkGrpcOptions(sessions, options);
  const { origin, pathname } = new URL(options.baseUrl);
  const prefix = withoutTrailingSlashes(origin + pathname);
  return new CallTransport(
    (call, { method, header, input, contextValues, deadline }) => {
      const url = `${prefix}/${method.parent.typeName}/${method.name}`;
      const attempt = {
        call,
        method,
        requestMethod: "POST",
        url,
        fields: prepareRequest(() => requestFields(header, deadline, settings)),
        message: create(method.input, input),
        contextValues,
        deadline,
      };
      return runAttempt(attempt, { interceptors, policy, hasProxy: sessions.hasProxy }, (request) =>
        sendAttempt(request, url, settings),
      );
    },
    rejectStreams("createGrpcTransport of @connectrpc/connect-node"),
    options.defaultTimeoutMs,
  );
}

function checkGrpcOptions(
  sessions: Http2SessionManager,
  options: GrpcTransportOptions,
): GrpcSettings {
  checkTransportOptions(options);
  checkNumbers(options, numberRules);
  const { acceptCompression = [compressionGzip] } = options;
  return {
    sessions,
    server: hostWithPort(new URL(sessions.authority)),
    binaryOptions: options.binaryOptions,
    acceptCompression,
    acceptEncoding: acceptCompression.map(({ name }) => name).join(","),
    sendCompression: options.sendCompression ?? undefined,
    compressMinBytes: options.compressMinBytes ?? 1024,
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    writeMaxBytes: options.writeMaxBytes ?? 0xffff_ffff,
  };
}

/** Returns the caller's headers together with those of the protocol. */
function requestFields(
  init: HeadersInit | undefined,
  deadline: Deadline,
  { acceptEncoding, sendCompression }: GrpcSettings,
): HeaderFields {
  const fields: HeaderFields = {
    "user-agent": "zitadel-idp",
    ...(init && Object.fromEntries(readHeaders(init))),
    "content-type": "application/grpc+proto",
    te: "trailers",
  };
  if (acceptEncoding !== "") {
    fields["grpc-accept-encoding"] = acceptEncoding;
  }
  if (sendCompression) {
    fields["grpc-encoding"] = sendCompression.name;
  }
  const timeoutMs = attemptTimeoutMs(deadline);
  if (timeoutMs !== undefined) {
    fields["grpc-timeout"] = timeoutHeader(timeoutMs);
  }
  return fields;
}

/** Encodes the message, sends it, and decodes the response. `ownUrl` is the URL of the RPC before the interceptors. */
async function sendAttempt<I extends DescMessage, O extends DescMessage>(
  { call, method, url, fields, message, deadline }: Attempt<I, O>,
  ownUrl: string,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const { sessions, server, binaryOptions, readMaxBytes } = settings;
  setAuthority(fields, server);
  fields[":method"] = "POST";
  fields[":path"] = pathOf(url, ownUrl, sessions.authority);
  const response = await exchange(sessions, {
    headers: fields,
    body: await encodeFrame(encodeMessage(method.input, message, binaryOptions), settings),
    deadline,
    call,
    maxBytes: readMaxBytes,
  });
  return await decodeResponse(method, response, deadline, settings);
}

/**
 * Returns the path of a URL for this connection. Throws if the URL is that of another server. Only a URL that an interceptor has
 * changed (it differs from `ownUrl`) needs parsing.
 */
function pathOf(url: string, ownUrl: string, authority: string): string {
  if (url === ownUrl && url.startsWith(`${authority}/`)) {
    return url.slice(authority.length);
  }
  const { origin, pathname, search } = new URL(url);
  if (origin !== authority) {
    throw unsentError(
      `the call goes to ${origin}, but its connection to ${authority}: create a separate transport for that server`,
      Code.Internal,
    );
  }
  return pathname + search;
}

/** Encodes a message in a frame, compressed if it is long enough. */
async function encodeFrame(
  data: Uint8Array,
  { sendCompression, compressMinBytes, writeMaxBytes }: GrpcSettings,
): Promise<Uint8Array> {
  if (data.byteLength > writeMaxBytes) {
    throw unsentError(
      `the request has ${data.byteLength} bytes, more than writeMaxBytes (${writeMaxBytes})`,
      Code.ResourceExhausted,
    );
  }
  return sendCompression && data.byteLength >= compressMinBytes
    ? encodeNodeFrame(compressedFlag, await sendCompression.compress(data))
    : encodeNodeFrame(0, data);
}

/**
 * Encodes a frame in the memory that Node.js shares among small buffers. Node.js would copy any other buffer into an ArrayBuffer
 * of its own when sending.
 */
function encodeNodeFrame(flags: number, data: Uint8Array): Uint8Array {
  return writeFrame(Buffer.allocUnsafe(headBytes + data.byteLength), flags, data);
}

/** Decodes a successful response. Throws the error of any other response. */
async function decodeResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  response: Http2Response,
  deadline: Deadline,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const frame = successfulFrame(response);
  if (frame === undefined) {
    return await rejectFailed(response);
  }
  return frame.flags === 0
    ? decodeData(method, frame.data, response, settings)
    : await decodeCompressed(method, frame.data, response, deadline, settings);
}

function decodeData<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  data: Uint8Array,
  { status, headers, trailers = {} }: Http2Response,
  { binaryOptions }: GrpcSettings,
): UnaryResponse<I, O> {
  try {
    return new LazyUnaryResponse(
      method,
      decodeMessage(method.output, data, binaryOptions),
      () => toHeaders(headers),
      () => toHeaders(trailers),
    );
  } catch (error) {
    throw unreadable(error, status);
  }
}

async function decodeCompressed<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  data: Uint8Array,
  response: Http2Response,
  deadline: Deadline,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const encoding = response.headers["grpc-encoding"];
  const compression = settings.acceptCompression.find(({ name }) => name === encoding);
  if (compression === undefined) {
    const text = `protocol error: the response is compressed with ${String(encoding)}, which was not asked for`;
    throw unreadable(new ConnectError(text, Code.Internal), response.status);
  }
  let plain: Uint8Array;
  try {
    plain = await compression.decompress(data, settings.readMaxBytes, deadline.signal);
  } catch (error) {
    throw unreadable(error, response.status);
  }
  return decodeData(method, plain, response, settings);
}

/** Creates the error of a response whose message cannot be decoded, although the response claims success. */
function unreadable(thrown: unknown, httpStatus: number): AttemptError {
  const error = ConnectError.from(thrown);
  error.metadata.set("content-type", "application/grpc");
  return AttemptError.with(error, { httpStatus });
}

async function rejectFailed({ status, headers, trailers, body }: Http2Response): Promise<never> {
  const { grpcFailure } = await import("./grpc-failure.js");
  throw grpcFailure({
    wire: "grpc",
    status,
    header: toHeaders(headers),
    trailer: trailers && toHeaders(trailers),
    body,
  });
}

/** Returns the only message of a successful response. Returns undefined for anything else, which `grpcFailure` explains. */
function successfulFrame({ status, headers, trailers, body }: Http2Response): Frame | undefined {
  if (
    status !== 200 ||
    trailers?.["grpc-status"] !== "0" ||
    trailers["grpc-status-details-bin"] !== undefined ||
    !grpcType.test(headers["content-type"] ?? "") ||
    body.byteLength < headBytes
  ) {
    return undefined;
  }
  const frames = decodeFrames(body);
  return frames?.length === 1 ? frames[0] : undefined;
}

const grpcType = /^application\/grpc(?:\+proto)?(?:;|$)/i;
