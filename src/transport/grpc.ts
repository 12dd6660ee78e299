import type { Http2Session } from "node:http2";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import {
  createGrpcTransport as createConnectTransport,
  type GrpcTransportOptions,
  Http2SessionManager as ConnectSessionManager,
} from "@connectrpc/connect-node";
import { withCheckedHeaders } from "./checked-headers.js";
import { withEvidence } from "./evidence.js";

export type { GrpcTransportOptions } from "@connectrpc/connect-node";

/**
 * One HTTP/2 connection to a server: opened with the first call, opened again when it is gone. Closing it cuts off the
 * calls on it.
 *
 * Unlike connect-node's it says of a call for which no connection could be had that it was never sent. And its limits
 * suit what stands between a client and ZITADEL: load balancers forget a connection that was silent for one minute (AWS)
 * to ten (Google), without a word to either side, and what is sent on it then is lost. So an idle connection is closed
 * after 50 seconds, one that was silent for 20 is tried with a ping before its next call, and one with calls under way is
 * pinged every 20; a ping that is not answered within 10 seconds ends it.
 */
export class Http2SessionManager extends ConnectSessionManager {
  constructor(
    url: ConstructorParameters<typeof ConnectSessionManager>[0],
    pingOptions?: ConstructorParameters<typeof ConnectSessionManager>[1],
    http2SessionOptions?: ConstructorParameters<typeof ConnectSessionManager>[2],
  ) {
    super(
      url,
      {
        pingIntervalMs: 20_000,
        pingTimeoutMs: 10_000,
        idleConnectionTimeoutMs: 50_000,
        ...pingOptions,
      },
      http2SessionOptions,
    );
  }

  override async request(
    ...request: Parameters<ConnectSessionManager["request"]>
  ): ReturnType<ConnectSessionManager["request"]> {
    try {
      const stream = await super.request(...request);
      guard(stream.session);
      return stream;
    } catch (error) {
      throw withEvidence(ConnectError.from(error, Code.Unavailable), { notDone: "unsent" });
    }
  }
}

const guarded = new WeakSet<Http2Session>();

/**
 * Keeps a late error of a connection from ending the process. connect-node stops listening as soon as it has given the
 * connection up, and a server that does not speak HTTP/2 makes its error only then. The calls on it have failed by themselves.
 */
function guard(session: Http2Session | undefined): void {
  if (session !== undefined && !guarded.has(session)) {
    guarded.add(session);
    session.on("error", () => undefined);
  }
}

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
