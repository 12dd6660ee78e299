import type { DescMessage } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { UnaryCallRequest } from "../../call/call-transport.js";
import { retryAfterMs } from "../../call/retry-after.js";
import { fraction } from "../../utils/fraction.js";
import { backoffMs } from "./backoff.js";
import type { Classification } from "./classification.js";
import type { RetryOptions } from "./retry-options.js";

/** The facts about a failed attempt that decide on its retry. */
interface FailedAttempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly error: ConnectError;
  readonly classification: Classification;
  /** True if the attempt was sent and may have been carried out. */
  readonly mayBeDone: boolean;
}

/** Returns the pause before the next attempt in milliseconds, or undefined if there must not be one. */
export function retryPauseMs(
  failed: FailedAttempt,
  { method, deadline }: UnaryCallRequest<DescMessage, DescMessage>,
  options: RetryOptions,
): number | undefined {
  const { maxAttempts = 5, maxRetryAfterMs = 30_000 } = options;
  if (!failed.classification.isTransient || failed.attempt >= maxAttempts) {
    return undefined;
  }
  if (failed.mayBeDone && !method.idempotency) {
    return undefined;
  }
  const askedMs = retryAfterMs(failed.error.metadata, Date.now());
  if (askedMs !== undefined && askedMs > maxRetryAfterMs) {
    return undefined;
  }
  const pauseMs = drawPauseMs(failed, askedMs, options);
  return pauseMs < deadline.remainingMs ? pauseMs : undefined;
}

/** Draws the pause after a failed attempt. `askedMs` is the time for which the server asked, if it did. */
function drawPauseMs(
  { attempt, classification }: FailedAttempt,
  askedMs: number | undefined,
  { initialPauseMs: initialMs = 200, maxPauseMs: maxMs = 5000, random = Math.random }: RetryOptions,
): number {
  if (askedMs !== undefined) {
    // Waits a little longer than asked, so that clients do not all return at once.
    return askedMs + fraction(random) * initialMs;
  }
  if (classification.isRejectedUnprocessed && attempt === 1) {
    return 0;
  }
  return backoffMs(attempt, { initialMs, maxMs }, random);
}
