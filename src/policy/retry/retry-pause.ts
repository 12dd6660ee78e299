import { drawFraction } from "../../utils/fraction.js";
import { defaultMaxAttempts, type RetryOptions } from "./retry-options.js";

/** The facts about a failed attempt that decide on its retry. */
export interface FailedAttempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** True if another attempt may succeed. */
  readonly isTransient: boolean;
  /** True if another attempt can do no harm: this one was certainly not carried out, or the RPC may be carried out twice. */
  readonly isHarmless: boolean;
  /** True if the server reported that it did not begin the request. */
  readonly isRejectedUnprocessed: boolean;
  /** The pause for which the server asked by `Retry-After`, in milliseconds; undefined if it did not. */
  readonly retryAfterMs: number | undefined;
  /** The time until the deadline of the call, in milliseconds; infinity without one. */
  readonly remainingMs: number;
}

/** Returns the pause before the next attempt in milliseconds, or undefined if there must not be one. */
export function chooseRetryPauseMs(
  failed: FailedAttempt,
  options: RetryOptions,
): number | undefined {
  if (!isRetryable(failed, options)) {
    return undefined;
  }
  const pauseMs = drawPauseMs(failed, options);
  return pauseMs < failed.remainingMs ? pauseMs : undefined;
}

/** Returns true if an attempt may be retried after a pause that fits into the call. */
function isRetryable(
  { attempt, isTransient, isHarmless, retryAfterMs = 0 }: FailedAttempt,
  { maxAttempts = defaultMaxAttempts, maxRetryAfterMs = 30_000 }: RetryOptions,
): boolean {
  return isTransient && isHarmless && attempt < maxAttempts && retryAfterMs <= maxRetryAfterMs;
}

/**
 * Draws the pause after a failed attempt: a random time below an upper bound that doubles with each attempt (full jitter), unless the
 * server asked for a pause, or has not begun the first attempt.
 */
function drawPauseMs(
  { attempt, isRejectedUnprocessed, retryAfterMs }: FailedAttempt,
  { initialPauseMs = 200, maxPauseMs = 5000, random = Math.random }: RetryOptions,
): number {
  if (retryAfterMs !== undefined) {
    // Waits a little longer than asked, so that clients do not all return at once.
    return retryAfterMs + drawFraction(random) * initialPauseMs;
  }
  if (isRejectedUnprocessed && attempt === 1) {
    return 0;
  }
  return drawFraction(random) * Math.min(maxPauseMs, initialPauseMs * 2 ** (attempt - 1));
}
