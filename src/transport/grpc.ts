import type {
  ClientSessionOptions,
  OutgoingHttpHeaders,
  SecureClientSessionOptions,
} from "node:http2";
import type { DescMessage, DescMethod, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type Interceptor,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { type Compression, createMethodUrl } from "@connectrpc/connect/protocol";
import { checkNumbers, type NumberRule } from "../utils/check-number.js";
import { readHeaders } from "../utils/read-headers.js";
import { type BinaryOptions, parse, serialize } from "./binary.js";
import { type AbortableCompression, compressionGzip } from "./compression-gzip.js";
import { withEvidence } from "../call/evidence.js";
import { compressedFlag, decodeFrames, type Frame, headBytes, writeFrame } from "./frames.js";
import { exchange, type Http2Answer } from "./http2/http2-exchange.js";
import { Http2SessionManager, type Http2SessionOptions } from "./http2/http2-session-manager.js";
import { toHeaders } from "./http/node-headers.js";
import { chooseTimeoutMs, timeoutHeader } from "../call/deadline.js";
import { LazyResponse } from "./lazy-response.js";
import { quickRead } from "./quick-read.js";
import { fieldsOf, RequestHeaders } from "./request-headers.js";
import { bytesRule, checkTransportOptions, defaultReadMaxBytes } from "./transport-options.js";
import { runUnary } from "./run-unary.js";

export { compressionGzip } from "./compression-gzip.js";
export { Http2SessionManager } from "./http2/http2-session-manager.js";
export type { Http2SessionOptions } from "./http2/http2-session-manager.js";

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

interface Target {
  readonly url: string;
  /** The path of the URL, computed with the first call. */
  path: string | undefined;
}

/** The largest length that a frame can have. */
const longestBytes = 0xffff_ffff;

/**
 * Creates a Connect transport for unary RPCs with gRPC over HTTP/2, for Node.js, Bun and Deno. All RPCs of this package are
 * unary. The connection opens with the first call.
 *
 * For unary RPCs, it does the same as connect-node's transport at a fraction of the cost: it writes one frame and reads one,
 * whereas connect-node pipes through iterators for any number of messages. A streaming RPC fails with `unimplemented`. Throws a
 * TypeError if an option is invalid.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  checkTransportOptions(options);
  checkNumbers(options, numberRules);
  const {
    interceptors = [],
    binaryOptions,
    acceptCompression = [compressionGzip],
    sendCompression,
    compressMinBytes = 1024,
    readMaxBytes = defaultReadMaxBytes,
    writeMaxBytes = longestBytes,
  } = options;
  const sessions =
    options.sessionManager ??
    new Http2SessionManager(options.baseUrl, options, options.nodeOptions);
  const accepted = acceptCompression.map(({ name }) => name).join(",");

  /** Returns the caller's headers together with those of the protocol. */
  const requestFields = (
    init: HeadersInit | undefined,
    timeoutMs: number | undefined,
  ): OutgoingHttpHeaders => {
    const fields: OutgoingHttpHeaders = {
      "content-type": "application/grpc+proto",
      te: "trailers",
      "user-agent": "zitadel-idp",
    };
    if (init !== undefined) {
      for (const [name, value] of readHeaders(init)) {
        if (name !== "content-type" && name !== "te") {
          fields[name] = value;
        }
      }
    }
    if (accepted !== "") {
      fields["grpc-accept-encoding"] = accepted;
    }
    if (sendCompression) {
      fields["grpc-encoding"] = sendCompression.name;
    }
    if (timeoutMs !== undefined) {
      fields["grpc-timeout"] = timeoutHeader(timeoutMs);
    }
    return fields;
  };

  const encode = (data: Uint8Array): Uint8Array | Promise<Uint8Array> => {
    if (data.byteLength > writeMaxBytes) {
      throw withEvidence(
        new ConnectError(
          `the request has ${data.byteLength} bytes, more than writeMaxBytes (${writeMaxBytes})`,
          Code.ResourceExhausted,
        ),
        { notDone: "unsent" },
      );
    }
    return sendCompression && data.byteLength >= compressMinBytes
      ? sendCompression.compress(data).then((compressed) => nodeFrame(compressedFlag, compressed))
      : nodeFrame(0, data);
  };

  /** The URL and path of each RPC, so that calls do not build and parse a URL. */
  const targets = new WeakMap<DescMethod, Target>();
  const targetOf = (method: DescMethod): Target => {
    let target = targets.get(method);
    if (target === undefined) {
      target = { url: createMethodUrl(options.baseUrl, method), path: undefined };
      targets.set(method, target);
    }
    return target;
  };

  return {
    // No async functions on the path of a success: each would cost a promise and two microtasks.
    unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      const timeoutMs = chooseTimeoutMs(ownTimeoutMs, options.defaultTimeoutMs);
      const target = targetOf(method);
      return runUnary(
        {
          method,
          requestMethod: "POST",
          url: target.url,
          header: (isOurs) => {
            const fields = requestFields(header, timeoutMs);
            return isOurs
              ? // Our own interceptors only use the methods of RequestHeaders.
                (new RequestHeaders(fields) as unknown as Headers)
              : new Headers(fields as Record<string, string>);
          },
          input,
          contextValues,
          signal,
          timeoutMs,
          interceptors,
        },
        (request, requestSignal, isOurs, record) => {
          const path =
            request.url === target.url
              ? (target.path ??= pathOf(target.url, sessions.authority))
              : pathOf(request.url, sessions.authority);
          const headers = fieldsOf(request.header, path);
          const read = (answer: Http2Answer) =>
            decode(method, answer, options, isOurs, requestSignal);
          const body = encode(serialize(method.input, request.message, binaryOptions));
          const send = (
            frame: Uint8Array,
          ): Promise<UnaryResponse<typeof method.input, typeof method.output>> =>
            exchange(sessions, {
              headers,
              body: frame,
              signal: requestSignal,
              record,
              maxBytes: readMaxBytes,
              read,
            });
          return body instanceof Promise ? body.then(send) : send(body);
        },
      );
    },
    async stream(method) {
      const { refuseStream } = await import("#failures");
      return refuseStream(method, "createGrpcTransport of @connectrpc/connect-node");
    },
  };
}

/**
 * Encodes a frame in the memory that Node.js shares among small buffers. Node.js would copy any other buffer into an ArrayBuffer
 * of its own when sending.
 */
function nodeFrame(flags: number, data: Uint8Array): Uint8Array {
  return writeFrame(Buffer.allocUnsafe(headBytes + data.byteLength), flags, data);
}

/** Decodes a successful response. Throws the error of any other response. */
function decode<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  answer: Http2Answer,
  options: GrpcTransportOptions,
  isLazy: boolean,
  signal: AbortSignal | undefined,
): UnaryResponse<I, O> | Promise<UnaryResponse<I, O>> {
  const frame = successfulFrame(answer);
  if (frame?.flags !== 0) {
    return decodeLess(method, answer, frame, options, signal);
  }
  try {
    const { binaryOptions } = options;
    const message =
      (binaryOptions === undefined ? quickRead(method.output, frame.data) : undefined) ??
      parse(method.output, frame.data, binaryOptions);
    return respond(method, message, answer, isLazy);
  } catch (error) {
    return unreadableAnswer(error, answer);
  }
}

/** Decodes the less common responses: a compressed message, or a failure. */
async function decodeLess<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  answer: Http2Answer,
  frame: Frame | undefined,
  {
    acceptCompression = [compressionGzip],
    readMaxBytes = defaultReadMaxBytes,
    binaryOptions,
  }: GrpcTransportOptions,
  signal: AbortSignal | undefined,
): Promise<UnaryResponse<I, O>> {
  const { status, headers, trailers, body } = answer;
  if (frame === undefined) {
    const { grpcFailure } = await import("#failures");
    throw grpcFailure({
      wire: "grpc",
      status,
      header: toHeaders(headers),
      trailer: trailers && toHeaders(trailers),
      body,
    });
  }
  try {
    const encoding = headers["grpc-encoding"];
    const data = await decompress(frame.data, encoding, acceptCompression, readMaxBytes, signal);
    return respond(method, parse(method.output, data, binaryOptions), answer, false);
  } catch (error) {
    return await unreadableAnswer(error, answer);
  }
}

function respond<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  message: MessageShape<O>,
  { headers, trailers = {} }: Http2Answer,
  isLazy: boolean,
): UnaryResponse<I, O> {
  const response = new LazyResponse(
    method,
    message,
    () => toHeaders(headers),
    () => toHeaders(trailers),
  );
  return isLazy ? response : response.whole();
}

async function unreadableAnswer(error: unknown, { status }: Http2Answer): Promise<never> {
  const { unreadable } = await import("#failures");
  throw unreadable(error, "grpc", status);
}

/** Returns the only message of a successful response. Returns undefined for anything else, which `grpcFailure` explains. */
function successfulFrame({ status, headers, trailers, body }: Http2Answer): Frame | undefined {
  if (
    status !== 200 ||
    trailers?.["grpc-status"] !== "0" ||
    trailers["grpc-status-details-bin"] !== undefined ||
    !ownType.test(headers["content-type"] ?? "") ||
    body.byteLength < 5
  ) {
    return undefined;
  }
  const frames = decodeFrames(body);
  return frames?.length === 1 ? frames[0] : undefined;
}

const ownType = /^application\/grpc(?:\+proto)?(?:;|$)/i;

async function decompress(
  data: Uint8Array,
  encoding: unknown,
  accepted: readonly AbortableCompression[],
  readMaxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const compression = accepted.find(({ name }) => name === encoding);
  if (compression === undefined) {
    throw new ConnectError(
      `protocol error: the response is compressed with ${String(encoding)}, which was not asked for`,
      Code.Internal,
    );
  }
  return await compression.decompress(data, readMaxBytes, signal);
}

/** Returns the path of a URL for this connection. Throws if an interceptor has changed the URL to another server. */
function pathOf(url: string, authority: string): string {
  const { origin, pathname, search } = new URL(url);
  if (origin !== authority) {
    throw withEvidence(
      new ConnectError(
        `the call goes to ${origin}, but its connection to ${authority}: create a separate transport for that server`,
        Code.Internal,
      ),
      { notDone: "unsent" },
    );
  }
  return pathname + search;
}
