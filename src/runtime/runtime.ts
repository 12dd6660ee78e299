import type { Protocol } from "../call/protocol.js";
import type { Connection, ConnectionOptions, OpenConnection } from "../transport/connection.js";
import type { SocketOptions } from "../transport/socket/socket-options.js";

/**
 * The abilities of a JavaScript runtime. The conditions of `#runtime` in package.json select the file of one runtime at build time.
 * Each file also exports `createSend`, which creates the function that sends HTTP/1 requests of a transport, and `createTokenFetch`,
 * which creates the function for requests of a token source. Each is an export of its own, so that a bundle with one transport or with
 * token sources does not contain the other transports.
 */
export interface Runtime {
  /** The name of the runtime in error messages. */
  readonly name: string;
  /** The wire protocol that `protocol: "auto"` selects. */
  readonly defaultProtocol: Protocol;
  /** The wire protocols that the runtime supports. */
  readonly protocols: Readonly<Partial<Record<Protocol, OpenConnection>>>;
  /** The sockets of the runtime. Undefined if only `fetch` can open connections. */
  readonly sockets: RuntimeSockets | undefined;
}

/** The abilities of a runtime that opens sockets itself. */
interface RuntimeSockets {
  /**
   * Checks the options `proxy` and `tls`, and the environment variables for a proxy to `baseUrl`. Throws a TypeError that names the
   * invalid one.
   */
  check(baseUrl: string | URL, options: SocketOptions, allowInsecureAuth: boolean): void;
  /** Returns the credentials of the proxies that requests with the option `proxy` may use. No error may show them. */
  listProxySecrets(proxy: SocketOptions["proxy"]): string[];
  /** Creates a function like `fetch`, for token requests, which uses the same connections as calls with these options. */
  createFetch(options: SocketFetchOptions): typeof globalThis.fetch;
}

/** Options of the function that sends the requests of a token source. Without sockets, only `readMaxBytes` may be set. */
export interface TokenFetchOptions extends SocketOptions {
  /** True if `tls.rejectUnauthorized: false` is allowed. Default: false. */
  readonly allowInsecureAuth?: boolean | undefined;
  /** The maximum length of a response, in bytes. */
  readonly readMaxBytes: number;
}

/** Options of a function like `fetch`. `baseUrl` is empty if there is no API of its own. */
export type SocketFetchOptions = Omit<ConnectionOptions, "fetch"> & Pick<Connection, "http2">;
