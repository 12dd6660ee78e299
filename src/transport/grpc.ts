import { ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import {
  createGrpcTransport as createConnectTransport,
  type GrpcTransportOptions,
} from "@connectrpc/connect-node";
import { withCheckedHeaders } from "./checked-headers.js";
import { withEvidence } from "./evidence.js";
import { Http2SessionManager } from "./http2-session-manager.js";

export type { GrpcTransportOptions } from "@connectrpc/connect-node";
export { Http2SessionManager } from "./http2-session-manager.js";
export type { Http2SessionOptions } from "./http2-session-manager.js";

/**
 * gRPC over HTTP/2 for Node.js, Bun and Deno: connect-node's transport, which opens its connection with the first call.
 * To close the connection, make an `Http2SessionManager` and pass it as `sessionManager`.
 */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  const { sessionManager = new Http2SessionManager(options.baseUrl), interceptors = [] } = options;
  return withCheckedHeaders(
    createConnectTransport({
      ...options,
      sessionManager,
      // Behind all others, so that they see what is known.
      interceptors: [...interceptors, notice],
    }),
  );
}

/** Notes what connect-node knows of a failure but puts into texts only. */
const notice: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const text = error.rawMessage;
    const [, status] = /^HTTP (\d{3})$/.exec(text) ?? [];
    const [, contentType] = /^unsupported content type (.*)$/.exec(text) ?? [];
    if (error.metadata.has("grpc-status")) {
      throw error;
    }
    if (status !== undefined) {
      throw withEvidence(error, { httpStatus: Number(status) });
    }
    if (contentType !== undefined) {
      error.metadata.set("content-type", contentType === "null" ? "" : contentType);
      throw withEvidence(error, { httpStatus: 200 });
    }
    if (text.includes("REFUSED_STREAM")) {
      throw withEvidence(error, { notDone: "refused" });
    }
    if (/^(?:protocol error|parse binary|missing|decompress)/.test(text)) {
      error.metadata.set("content-type", "application/grpc");
      throw withEvidence(error, { httpStatus: 200 });
    }
    throw withEvidence(error, { broken: true });
  }
};
