import type { Interceptor } from "@connectrpc/connect";
import { CallTransport } from "../call/call-transport.js";
import { createLazyTransport } from "../call/lazy-transport.js";
import type { Http2Sender } from "./http/send-request.js";
import type { RequestPolicy } from "./run-attempt.js";
import type { SocketOptions } from "./socket/socket-options.js";

/** Options that all wire protocols need. */
export interface ConnectionOptions extends SocketOptions {
  /** The base URL of the ZITADEL instance, without a slash at the end. */
  readonly baseUrl: string;
  /** The function that sends requests. The gRPC transport ignores it. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The timeout for opening a connection, in milliseconds. Transports that send by `fetch` ignore it. */
  readonly connectTimeoutMs: number;
  /** The maximum length of a response, in bytes. */
  readonly readMaxBytes: number;
  /**
   * The maximum number of connections to one origin. Transports that use one connection for all calls, or send by `fetch`, ignore
   * it.
   */
  readonly maxConnections: number;
}

/** A connection to one server. It opens with the first call. */
export interface Connection {
  /** Creates a transport over this connection. All transports share the open connection. */
  createTransport(interceptors: Interceptor[], policy: RequestPolicy): CallTransport;
  /** The sender of other requests over this connection. Undefined if the wire protocol does not use HTTP/2. */
  readonly http2?: Http2Sender | undefined;
  /** Stops opening connections after one more second, and ends the attempts of that time. Calls on an open connection continue. */
  stopConnecting(): void;
  /** Closes the connection and cuts off open calls. */
  close(): void;
}

/** Opens a connection for a wire protocol. Nothing is sent before the first call. */
export type OpenConnection = (options: ConnectionOptions) => Connection;

/** A factory of transports that keep no connection. */
export type CreateTransport = (
  options: ConnectionOptions & { interceptors: Interceptor[] },
  policy: RequestPolicy,
) => CallTransport;

/**
 * Adapts the factory of a transport that keeps no connection. Closing does nothing, because the sender of the requests (`fetch`,
 * `node:http`) manages connections.
 */
export function adaptTransportFactory(create: CreateTransport): OpenConnection {
  return (options) => ({
    createTransport: (interceptors, policy) => create({ ...options, interceptors }, policy),
    stopConnecting: () => undefined,
    close: () => undefined,
  });
}

/** Adapts the factory of a transport that keeps no connection, and loads its code with the first call. */
export function adaptLazyTransportFactory(load: () => Promise<CreateTransport>): OpenConnection {
  return adaptTransportFactory((options, policy) =>
    createLazyTransport(async () => (await load())(options, policy)),
  );
}
