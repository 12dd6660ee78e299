import type { SocketOptions } from "../socket/socket-options.js";

/** Options of a connection. Timeouts are in milliseconds, and have the names of connect-node, except for `connectTimeoutMs`. */
export interface Http2SessionOptions extends SocketOptions {
  /**
   * The timeout for opening a connection: name resolution, TCP, TLS and the server's first SETTINGS. After it, the connection is
   * given up, and the calls that wait for it fail as not sent (`unavailable`). Default: 10,000.
   */
  connectTimeoutMs?: number | undefined;
  /** The silence after which a connection is checked with a ping: before its next call, and during calls. Default: 20,000. */
  pingIntervalMs?: number | undefined;
  /** The timeout of a ping. After it, the connection is given up. Default: 10,000. */
  pingTimeoutMs?: number | undefined;
  /** The time that a connection stays open without calls. Default: 50,000. */
  idleConnectionTimeoutMs?: number | undefined;
}
