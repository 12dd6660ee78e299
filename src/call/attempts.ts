/**
 * The changes of a call between two of its attempts, in this order. `withRetry` and the token policy, the two layers that make
 * another attempt, use them all. `withHttp2Fallback` (transport/http/http2-fallback.ts) sends the same attempt over another protocol, so
 * it only prepares that.
 *
 * @module
 */
import type { Call } from "./call.js";
import { mayAttemptBeDone } from "./outcome.js";

/**
 * Records that the current attempt failed; `mayBeDone` comes from the classification of its error. Returns true if the attempt may
 * have been carried out. `sent` stays as it is, because outer layers may classify the same failure.
 */
export function recordFailure(call: Call, mayBeDone: boolean): boolean {
  const isPossible = mayAttemptBeDone(call, mayBeDone);
  call.mayBeDone ||= isPossible;
  return isPossible;
}

/** Prepares the next attempt of a call: records that no part of it has been sent. */
export function prepareAttempt(call: Call): void {
  call.sent = false;
}

/** Counts the prepared attempt. Runs after the pause or the wait for a token, because a call that ends during the wait made no attempt. */
export function countAttempt(call: Call): void {
  call.attempts++;
}
