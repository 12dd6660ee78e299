import type { Interceptor, Transport } from "@connectrpc/connect";
import type { AdminClient } from "../admin.js";
import type { ManagementClient } from "../management.js";

/**
 * How a client talks to ZITADEL.
 *
 * - `grpc`: gRPC over HTTP/2. Needs a runtime with an HTTP/2 client: Node.js, Bun, Deno.
 * - `grpc-web`: gRPC in a form that browsers can send.
 * - `json`: ZITADEL's REST gateway: plain requests with JSON bodies. Works wherever there is `fetch`.
 */
export type Protocol = "json" | "grpc" | "grpc-web";

/** What every wire needs to know. */
export interface ConnectionOptions {
  /** The origin of the ZITADEL instance, without a slash at the end. */
  baseUrl: string;
  /** Replaces what requests are sent by. Wires that do not use `fetch` ignore it. */
  fetch?: typeof globalThis.fetch;
  /** The time limit for a new connection. Wires that send by `fetch` ignore it. */
  connectTimeoutMs: number;
  /** The longest answer, in bytes. */
  readMaxBytes: number;
  /** The connections to one origin. Wires that have one for all calls, or send by `fetch`, ignore it. */
  maxConnections: number;
}

/** A way to one server. It opens with the first call. */
export interface Connection {
  /** A transport over this connection. All of them share what is open. */
  transport(interceptors: Interceptor[]): Transport;
  /** Ends connections that are still being made, and makes no new ones; calls on an open connection go on. */
  stopConnecting(): void;
  /** Closes what is open; calls under way are cut off. */
  close(): void;
}

/** What a JavaScript runtime can do, chosen at build time by the conditions of `#runtime` in package.json. */
export interface Runtime {
  /** The name, as error messages say it. */
  readonly name: string;
  /** The wire that `protocol: "auto"` stands for. */
  readonly defaultProtocol: Protocol;
  /** The wires this runtime has. */
  readonly wires: Readonly<Partial<Record<Protocol, (options: ConnectionOptions) => Connection>>>;
  /** Makes the clients of both services, at once or with their first call. */
  readonly services: {
    management(transport: Transport): ManagementClient;
    admin(transport: Transport): AdminClient;
  };
  /**
   * Starts loading the code that deals with failures, with the first call: later, the network or the files that it comes
   * from may be what fails.
   */
  readonly prepareForFailure?: (protocol: Protocol) => void;
}
