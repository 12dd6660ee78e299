/**
 * The steps between two attempts of a call, in this order. The two layers that send a request again use them: `withRetry` and the token
 * policy.
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
