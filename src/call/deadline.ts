import { Code, ConnectError } from "@connectrpc/connect";
import { abortWith, onAbort } from "./abort.js";
import { isError } from "../utils/is-error.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/** The events that end a call early, besides `close` of its client with `force`. */
interface DeadlineOptions {
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** A deadline that this one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/**
 * The end of one call: at its timeout, when its caller's signal aborts, or when its client is closed with `force`, whichever comes
 * first. All layers of a call share one deadline. Its creator calls `release` when the call is over.
 *
 * Layers register callbacks with `onEnd`. An AbortSignal is only created for code that needs one, because creating one for each
 * call would cost JSON calls a quarter of their rate (`npm run bench`, 16 in flight).
 */
export class Deadline {
  /** The time of the timeout, on the clock of `performance.now()`; infinity without one. */
  readonly endMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leaveOuter: (() => void) | undefined;
  readonly #leaveSignal: (() => void) | undefined;
  #callbacks: ((reason: unknown) => void)[] = [];
  #ending: Ending | undefined;
  #reason: unknown;
  #controller: AbortController | undefined;

  constructor({ signal, timeoutMs = 0, outer }: DeadlineOptions = {}) {
    const endMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.endMs = Math.min(endMs, outer?.endMs ?? Number.POSITIVE_INFINITY);
    // If the outer deadline or the signal has ended before, it ends this deadline here and now, and there is nothing left to follow.
    if (outer !== undefined) {
      this.#leaveOuter = outer.onEnd((reason) => this.end(outer.ending ?? "aborted", reason));
    }
    if (signal !== undefined && this.#ending === undefined) {
      this.#leaveSignal = onAbort(signal, () => this.end(endingOf(signal), signal.reason));
    }
    if (timeoutMs > 0 && this.#ending === undefined) {
      this.#timer = setTimeout(() => this.end("deadline", createTimeoutError()), timeoutMs);
    }
  }

  /** The reason why the call has ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The time until the timeout in milliseconds; infinity without one. */
  get remainingMs(): number {
    return this.endMs - performance.now();
  }

  /** A signal that aborts when the call ends. It is created on first access. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onEnd((reason) => abortWith(controller, reason));
    }
    return this.#controller.signal;
  }

  /** Ends the call, and runs all callbacks. Has no effect after the first time. */
  end(ending: Ending, reason: unknown): void {
    if (this.#ending !== undefined) {
      return;
    }
    this.#ending = ending;
    this.#reason = reason;
    this.release();
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      callback(reason);
    }
  }

  /**
   * Calls `callback` with the reason when the call ends, or at once if it has ended. Returns a function that unregisters the
   * callback.
   */
  onEnd(callback: (reason: unknown) => void): () => void {
    if (this.#ending !== undefined) {
      callback(this.#reason);
      return () => undefined;
    }
    this.#callbacks.push(callback);
    return () => {
      const index = this.#callbacks.indexOf(callback);
      if (index >= 0) {
        this.#callbacks.splice(index, 1);
      }
    };
  }

  /** Throws the reason if the call has ended. Nothing may be sent for the call after that. */
  throwIfEnded(): void {
    if (this.#ending !== undefined) {
      throw this.#reason;
    }
  }

  /** Returns the result of `work`, or rejects as soon as the call ends, even if `work` continues. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const unregister = this.onEnd(reject);
      void work.then(resolve, reject).then(unregister);
    });
  }

  /** Stops the timer, and no longer follows the signal and the outer deadline. */
  release(): void {
    clearTimeout(this.#timer);
    this.#leaveOuter?.();
    this.#leaveSignal?.();
  }
}

function createTimeoutError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}

/** Returns the reason for which a caller's signal ended a call. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endingOf({ reason }: AbortSignal): Ending {
  return isError(reason) && reason.name === "TimeoutError" ? "timeout-signal" : "aborted";
}
