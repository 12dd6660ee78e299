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

/** Prepares the next attempt of a call, of which nothing is sent yet. */
export function prepareAttempt(call: Call): void {
  call.sent = false;
}

/** Counts the prepared attempt, when its pause is over or its token is there. A call that ends before has not made it. */
export function countAttempt(call: Call): void {
  call.attempts++;
}
