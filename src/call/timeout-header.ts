import type { Deadline } from "./deadline.js";

/** The largest number of milliseconds that eight digits of `grpc-timeout` can hold: 27 hours. */
export const longestTimeoutMs = 99_999_999;

/** Returns the value of `grpc-timeout`: at most eight digits, and a unit. The unit `m` is milliseconds. */
export function formatTimeoutHeader(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms <= longestTimeoutMs ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Returns the milliseconds of the value of a `grpc-timeout` header, or undefined if the value is invalid. */
export function parseTimeoutHeader(value: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (unitMs[unit] ?? 1);
}

/**
 * Returns the value of a `grpc-timeout` header, reduced by `elapsedMs` to at least one millisecond. The header never reaches
 * zero, because the call's own signal ends the call. Any other value is returned unchanged.
 */
export function shortenTimeout(value: string, elapsedMs: number): string {
  const timeoutMs = parseTimeoutHeader(value);
  return timeoutMs === undefined || elapsedMs <= 0
    ? value
    : formatTimeoutHeader(Math.max(1, timeoutMs - elapsedMs));
}

/**
 * Returns the timeout of an attempt that ends with `deadline`, or undefined if there is none. Rounds up to whole milliseconds, so that
 * the client reaches the deadline before the server.
 */
export function computeAttemptTimeoutMs({ remainingMs }: Deadline): number | undefined {
  return remainingMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(remainingMs));
}
