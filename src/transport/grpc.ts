/**
 * The gRPC transport for Node.js, Bun and Deno. A call passes these steps:
 *
 * 1. `createGrpcTransportOver` builds the header fields, and `runAttempt` runs the interceptors and the policy.
 * 2. `sendGrpc` encodes the message into a frame, and compresses it if asked to.
 * 3. `runHttp2Exchange` (http2/http2-exchange.ts) waits for a stream, sends the frame and collects the response.
 * 4. `decodeGrpcResponse` (grpc-response.ts) returns the message of a success, or throws the error of anything else.
 */
import type { DescMessage } from "@bufbuild/protobuf";
import { Code, type UnaryResponse } from "@connectrpc/connect";
import { createUnsentError } from "../call/unsent-error.js";
import { CallTransport } from "../call/call-transport.js";
import type { Deadline } from "../call/deadline.js";
import { computeAttemptTimeoutMs } from "../call/timeout-header.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";
import { encodeMessage } from "./binary.js";
import { createRpcAttempt } from "./create-rpc-attempt.js";
import { compressedFlag, headBytes, writeFrame } from "./frames.js";
import { runHttp2Exchange } from "./http2/http2-exchange.js";
import type { Http2SessionManager } from "./http2/http2-session-manager.js";
import { setAuthority } from "./http2/set-authority.js";
import { rejectStreams } from "./reject-streams.js";
import { createRequestFields } from "./create-request-fields.js";
import { type RequestPolicy, type Attempt, type HeaderFields, runAttempt } from "./run-attempt.js";
import type { GrpcTransportOptions } from "./grpc-transport-options.js";
import { checkGrpcOptions, type GrpcSettings } from "./grpc-settings.js";
import { decodeGrpcResponse } from "./grpc-response.js";

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
    (call, request) => {
      const target = { baseUrl: prefix, hasProxy: sessions.hasProxy };
      const attempt = createRpcAttempt(call, request, target, (header) =>
        createGrpcFields(header, request.deadline, settings),
      );
      return runAttempt(attempt, { interceptors, policy }, (intercepted) =>
        sendGrpc(intercepted, attempt.url, settings),
      );
    },
    rejectStreams("createGrpcTransport of @connectrpc/connect-node"),
    options.defaultTimeoutMs,
  );
}

/** Returns the caller's headers together with those of the protocol. */
function createGrpcFields(
  init: HeadersInit | undefined,
  deadline: Deadline,
  { acceptEncoding, sendCompression }: GrpcSettings,
): HeaderFields {
  const fields = createRequestFields(init, protocolFields, computeAttemptTimeoutMs(deadline));
  fields["user-agent"] ??= "zitadel-idp";
  if (acceptEncoding !== "") {
    fields["grpc-accept-encoding"] = acceptEncoding;
  }
  if (sendCompression) {
    fields["grpc-encoding"] = sendCompression.name;
  }
  return fields;
}

const protocolFields: Readonly<HeaderFields> = {
  "content-type": "application/grpc+proto",
  te: "trailers",
};

/** Encodes the message, sends it, and decodes the response. `ownUrl` is the URL of the RPC before the interceptors. */
async function sendGrpc<I extends DescMessage, O extends DescMessage>(
  { call, method, url, fields, message, deadline }: Attempt<I, O>,
  ownUrl: string,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const { sessions, server, binaryOptions, readMaxBytes } = settings;
  setAuthority(fields, server);
  fields[":method"] = "POST";
  fields[":path"] = pathOf(url, ownUrl, sessions.authority);
  const response = await runHttp2Exchange(sessions, {
    headers: fields,
    body: await compressFrame(encodeMessage(method.input, message, binaryOptions), settings),
    deadline,
    call,
    maxBytes: readMaxBytes,
  });
  return await decodeGrpcResponse(method, response, deadline, settings);
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
    throw createUnsentError(
      `the call goes to ${origin}, but its connection to ${authority}: create a separate transport for that server`,
      Code.Internal,
    );
  }
  return pathname + search;
}

/** Encodes a message in a frame, compressed if it is long enough. */
async function compressFrame(
  data: Uint8Array,
  { sendCompression, compressMinBytes, writeMaxBytes }: GrpcSettings,
): Promise<Uint8Array> {
  if (data.byteLength > writeMaxBytes) {
    throw createUnsentError(
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
