import { Code, ConnectError } from "@connectrpc/connect";
import { isError } from "../utils/is-error.js";
import { onAbort } from "./abort.js";
import { CallEnd } from "./call-end.js";

interface DeadlineOptions {
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** A deadline that this one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/**
 * The end of one call: at its timeout, when its caller's signal aborts, or when its client is closed with `force`, whichever comes
 * first. All layers of a call share one deadline. Its creator calls `release` when the call is over.
 */
export class Deadline extends CallEnd {
  /** The time of the timeout, on the clock of `performance.now()`; infinity without one. */
  readonly endMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leaveSignal: (() => void) | undefined;
  readonly #leaveOuter: (() => void) | undefined;

  constructor({ timeoutMs = 0, signal, outer }: DeadlineOptions = {}) {
    super();
    const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.endMs = Math.min(ownEndMs, outer?.endMs ?? Number.POSITIVE_INFINITY);
    this.#leaveOuter = outer?.onEnd((reason) => this.end(outer.ending ?? "aborted", reason));
    this.#leaveSignal = signal && onAbort(signal, () => this.end(endingOf(signal), signal.reason));
    if (timeoutMs > 0 && this.ending === undefined) {
      this.#timer = setTimeout(() => this.end("deadline", timeoutError()), timeoutMs);
    }
  }

  /** The time until the timeout in milliseconds; infinity without one. */
  get remainingMs(): number {
    return this.endMs - performance.now();
  }

  /** Stops the timer, and no longer follows the signal and the outer deadline. */
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
