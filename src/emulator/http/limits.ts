/** What a client may take of a listener. The server itself has no such limits; they only end what no client means. */
export interface Limits {
  /** How long a connection may stay silent before it says which HTTP it speaks. */
  readonly undecidedMs: number;
  /** How long the head of an HTTP/1.1 request may take. */
  readonly headMs: number;
  /** How long a body may take. */
  readonly bodyMs: number;
  /** How long an HTTP/1.1 connection may stay idle between requests. */
  readonly idleMs: number;
  /** How long the other side of an HTTP/2 connection may leave a ping unanswered; and how often it gets one. */
  readonly silenceMs: number;
  /** How long a client that was refused may take to read why. */
  readonly lingerMs: number;
  /** How many bytes of unfinished bodies there may be, on all connections together. */
  readonly unfinishedBytes: number;
}

export const defaultLimits: Limits = {
  undecidedMs: 10_000,
  headMs: 60_000,
  bodyMs: 60_000,
  idleMs: 60_000,
  silenceMs: 30_000,
  lingerMs: 1000,
  unfinishedBytes: 256 * 1024 * 1024,
};
