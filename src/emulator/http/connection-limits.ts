/**
 * The limits of a listener on each client. The real server has no such limits; these only end connections that no real client
 * would use.
 */
export interface ConnectionLimits {
  /** The time that a connection may stay silent before its first bytes identify the HTTP version. */
  readonly prefaceMs: number;
  /** The time that the head of an HTTP/1.1 request may take. */
  readonly headMs: number;
  /** The time that a body may take. */
  readonly bodyMs: number;
  /** The time that an HTTP/1.1 connection may stay idle between requests. */
  readonly idleMs: number;
  /** The interval between pings on an HTTP/2 connection, and the time within which the client must reply. */
  readonly pingIntervalMs: number;
  /** The time that a rejected client gets to read the response. */
  readonly lingerMs: number;
  /** The total size of unfinished bodies on all connections. */
  readonly unfinishedBytes: number;
}

/** The limits of a listener, unless a test sets others. */
export const defaultConnectionLimits: ConnectionLimits = {
  prefaceMs: 10_000,
  headMs: 60_000,
  bodyMs: 60_000,
  idleMs: 60_000,
  pingIntervalMs: 30_000,
  lingerMs: 1000,
  unfinishedBytes: 256 * 1024 * 1024,
};
