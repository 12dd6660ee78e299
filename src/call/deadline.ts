import { Code, ConnectError } from "@connectrpc/connect";
import { isError } from "../utils/is-error.js";
import { onAbort } from "./abort.js";
import { CallEnd, type Ending } from "./call-end.js";

interface DeadlineOptions {
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** A deadline that this one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/**
 * The end of a call that comes by itself: after the timeout, when the caller's signal aborts, or when the outer deadline ends. The
 * first of these counts. The client can `end` it earlier, if it is closed with `force`.
 *
 * The creator of a deadline calls `release` when the call is over, as it would call `clearTimeout`. A deadline that ends releases
 * itself.
 */
export class Deadline extends CallEnd {
  /** The time of the timeout, on the clock of `performance.now()`; infinity without one. */
  readonly #endMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leaveSignal: (() => void) | undefined;
  readonly #leaveOuter: (() => void) | undefined;

  constructor({ timeoutMs = 0, signal, outer }: DeadlineOptions = {}) {
    super();
    const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.#endMs = outer === undefined ? ownEndMs : Math.min(ownEndMs, outer.#endMs);
    // Each of these may end the call at once. The next ones are not followed then.
    this.#leaveOuter = outer?.onEnd((reason, ending) => this.end(ending, reason));
    if (signal !== undefined && this.ending === undefined) {
      this.#leaveSignal = onAbort(signal, () => this.end(endingOf(signal), signal.reason));
    }
    if (timeoutMs > 0 && this.ending === undefined) {
      this.#timer = setTimeout(() => this.end("deadline", timeoutError()), timeoutMs);
    }
  }

  /** The time until the timeout in milliseconds; infinity without one. */
  get remainingMs(): number {
    return this.#endMs - performance.now();
  }

  override end(ending: Ending, reason: unknown): void {
    this.release();
    super.end(ending, reason);
  }

  /** Stops the timer, and no longer follows the signal and the outer deadline. Only `end` can end the call after that. */
  release(): void {
    clearTimeout(this.#timer);
    this.#leaveSignal?.();
    this.#leaveOuter?.();
  }
}

/** Returns the kind of the end by a caller's signal. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endingOf({ reason }: AbortSignal): "timeout-signal" | "aborted" {
  return isError(reason) && reason.name === "TimeoutError" ? "timeout-signal" : "aborted";
}

function timeoutError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
