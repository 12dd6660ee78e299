import type { Interceptor, Transport } from "@connectrpc/connect";
import type { AdminClient } from "../admin.js";
import type { Protocol } from "../call/protocol.js";
import type { ManagementClient } from "../management.js";

/** Options that all wire protocols need. */
export interface ConnectionOptions {
  /** The base URL of the ZITADEL instance, without a slash at the end. */
  baseUrl: string;
  /** The function that sends requests. Transports that do not use `fetch` ignore it. */
  fetch?: typeof globalThis.fetch;
  /** The timeout for opening a connection, in milliseconds. Transports that send by `fetch` ignore it. */
  connectTimeoutMs: number;
  /** The maximum length of a response, in bytes. */
  readMaxBytes: number;
  /**
   * The maximum number of connections to one origin. Transports that use one connection for all calls, or send by `fetch`, ignore
   * it.
   */
  maxConnections: number;
}

/** A connection to one server. It opens with the first call. */
export interface Connection {
  /** Creates a transport over this connection. All transports share the open connection. */
  transport(interceptors: Interceptor[]): Transport;
  /** Ends connection attempts and starts no new ones. Calls on an open connection continue. */
  stopConnecting(): void;
  /** Closes the connection and cuts off open calls. */
  close(): void;
}

/** The abilities of a JavaScript runtime. The conditions of `#runtime` in package.json select one at build time. */
export interface Runtime {
  /** The name of the runtime in error messages. */
  readonly name: string;
  /** The wire protocol that `protocol: "auto"` selects. */
  readonly defaultProtocol: Protocol;
  /** The wire protocols that the runtime supports. */
  readonly wires: Readonly<Partial<Record<Protocol, (options: ConnectionOptions) => Connection>>>;
  /** Creates the clients of both services, loaded now or with their first call. */
  readonly services: {
    management(transport: Transport): ManagementClient;
    admin(transport: Transport): AdminClient;
  };
  /**
   * Starts loading the code that handles failures. Clients call it with their first call, because a later import may fail for the
   * same reason as the call: the network or the files are gone.
   */
  readonly prepareForFailure?: (protocol: Protocol) => void;
}
