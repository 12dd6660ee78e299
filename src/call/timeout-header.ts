import type { Deadline } from "./deadline.js";

/** The largest number of milliseconds that eight digits of `grpc-timeout` can hold: 27 hours. */
export const longestTimeoutMs = 99_999_999;

/** Returns the value of `grpc-timeout`: at most eight digits, and a unit. The unit `m` is milliseconds. */
export function timeoutHeader(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms <= longestTimeoutMs ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

/**
 * Returns the timeout of an attempt that ends with `deadline`, or undefined if there is none. Rounds up to whole milliseconds, so that
 * the client reaches the deadline before the server.
 */
export function attemptTimeoutMs({ remainingMs }: Deadline): number | undefined {
  return remainingMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(remainingMs));
}
