/**
 * The gRPC-web transport for all runtimes. A call passes these steps:
 *
 * 1. `createGrpcWebTransportOver` builds the header fields, and `runAttempt` runs the interceptors and the policy.
 * 2. `sendGrpcWeb` encodes the message into a frame and sends it by the runtime's HTTP sender (http/).
 * 3. `decodeResponse` returns the message of a success, or throws the error of anything else.
 */
import type { DescMessage, DescMethodUnary } from "@bufbuild/protobuf";
import type { Interceptor, UnaryResponse } from "@connectrpc/connect";
import { CallTransport } from "../call/call-transport.js";
import { computeAttemptTimeoutMs } from "../call/timeout-header.js";
import type { RestResponse } from "../rest/response.js";
import { isBrowser } from "../utils/environment.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";
import { type BinaryOptions, decodeMessage, encodeMessage } from "./binary.js";
import { createRpcAttempt } from "./create-rpc-attempt.js";
import { decodeFrames, encodeFrame, type Frame, trailersFlag } from "./frames.js";
import {
  parseTrailers,
  trailersReportSuccess,
  toTrailerHeaders,
  type Trailer,
} from "./grpc-web-trailers.js";
import { hasOwnProxy } from "./has-own-proxy.js";
import { type HttpSend, sendRequest } from "./http/send-request.js";
import { rejectStreams } from "./reject-streams.js";
import { createRequestFields } from "./create-request-fields.js";
import { type RequestPolicy, type Attempt, type HeaderFields, runAttempt } from "./run-attempt.js";
import {
  checkTransportOptions,
  defaultReadMaxBytes,
  type HttpTransportOptions,
} from "./transport-options.js";
import { LazyUnaryResponse } from "./unary-response.js";
import { createUnreadableMessageError } from "./unreadable-message-error.js";

/** Options of `createGrpcWebTransport`. Names and meanings are those of connect-web's transport. */
export interface GrpcWebTransportOptions extends HttpTransportOptions {
  /** The base URL of the server. */
  baseUrl: string;
  /**
   * The function that sends requests. Default: the global `fetch`; in Node.js, Bun and Deno `node:http` and undici, which take less CPU
   * time.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Connect interceptors around every call. */
  interceptors?: Interceptor[] | undefined;
  /** Options for reading and writing messages in binary. */
  binaryOptions?: BinaryOptions | undefined;
}

/** The settings that each request needs. */
interface GrpcWebSettings {
  readonly send: HttpSend;
  readonly readMaxBytes: number;
  readonly binaryOptions: BinaryOptions | undefined;
}

/** Creates a gRPC-web transport that sends requests with `send`. `policy` is that of a client. */
export function createGrpcWebTransportOver(
  send: HttpSend,
  options: GrpcWebTransportOptions,
  policy?: RequestPolicy,
): CallTransport {
  checkTransportOptions(options);
  const { interceptors = [], binaryOptions, readMaxBytes = defaultReadMaxBytes } = options;
  const baseUrl = withoutTrailingSlashes(options.baseUrl);
  const hasProxy = hasOwnProxy(options);
  const settings: GrpcWebSettings = { send, readMaxBytes, binaryOptions };
  return new CallTransport(
    (call, request) => {
      // In browsers, only the client enforces the deadline: ZITADEL's CORS rule for gRPC-web rejects the `grpc-timeout` header.
      const timeoutMs = isBrowser ? undefined : computeAttemptTimeoutMs(request.deadline);
      const attempt = createRpcAttempt(call, request, { baseUrl, hasProxy }, (header) =>
        createRequestFields(header, protocolFields, timeoutMs),
      );
      return runAttempt(attempt, { interceptors, policy }, (intercepted) =>
        sendGrpcWeb(intercepted, settings),
      );
    },
    rejectStreams("createGrpcWebTransport of @connectrpc/connect-web"),
    options.defaultTimeoutMs,
  );
}

const protocolFields: Readonly<HeaderFields> = {
  "content-type": "application/grpc-web+proto",
  "x-grpc-web": "1",
};

/** Encodes the message, sends it, and decodes the response. */
async function sendGrpcWeb<I extends DescMessage, O extends DescMessage>(
  { call, method, url, fields, message, deadline }: Attempt<I, O>,
  { send, readMaxBytes, binaryOptions }: GrpcWebSettings,
): Promise<UnaryResponse<I, O>> {
  const data = encodeMessage(method.input, message, binaryOptions);
  const response = await sendRequest(send, {
    url,
    method: "POST",
    headers: fields,
    body: encodeFrame({ flags: 0, data }),
    deadline,
    readMaxBytes,
    call,
  });
  return await decodeResponse(method, response, binaryOptions);
}

/** Decodes a successful response. Throws the error of any other response. */
async function decodeResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  response: RestResponse,
  binaryOptions: BinaryOptions | undefined,
): Promise<UnaryResponse<I, O>> {
  const { status, body } = response;
  const frames = decodeFrames(body) ?? [];
  const last = frames.find(({ flags }) => flags === trailersFlag);
  const trailers = last && parseTrailers(last.data);
  const data = findSuccessfulMessage(response, frames, trailers ?? []);
  if (data === undefined) {
    // Load the code for failures with the first one: it stays out of the first load of a page.
    const { createGrpcError } = await import("./grpc-error.js");
    const trailer = trailers && toTrailerHeaders(trailers);
    throw createGrpcError({ wire: "grpc-web", status, header: response.headers, trailer, body });
  }
  try {
    return new LazyUnaryResponse(
      method,
      decodeMessage(method.output, data, binaryOptions),
      () => response.headers,
      () => toTrailerHeaders(trailers ?? []),
    );
  } catch (error) {
    throw createUnreadableMessageError(error, status, contentTypeOf(response));
  }
}

/** Returns the only message of a successful response. Returns undefined for anything else, which `createGrpcError` explains. */
function findSuccessfulMessage(
  response: RestResponse,
  frames: readonly Frame[],
  trailers: readonly Trailer[],
): Uint8Array | undefined {
  const [first] = frames;
  return frames.length === 2 &&
    first?.flags === 0 &&
    trailersReportSuccess(trailers) &&
    grpcWebType.test(contentTypeOf(response))
    ? first.data
    : undefined;
}

/**
 * Returns the content type of a response; empty if it has none. Reads `headers` only if it must: the first `Headers` of a Node.js
 * process loads undici, which takes 30 ms.
 */
function contentTypeOf(response: RestResponse): string {
  return response.contentType ?? response.headers.get("content-type") ?? "";
}

/** The content types of gRPC-web. Some proxies remove the header, which is then empty. */
const grpcWebType = /^(?:application\/grpc-web(?:\+proto)?(?:;|$)|$)/i;
