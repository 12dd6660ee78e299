import { Code, ConnectError } from "@connectrpc/connect";
import { isError } from "../utils/is-error.js";
import { abortWith, onAbort } from "./abort.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/** A function that a deadline calls when it ends. */
type EndCallback = (reason: unknown, ending: Ending) => void;

interface DeadlineOptions {
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** A deadline that this one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/**
 * The end of one call by its client, before there is a response. A deadline runs until the first of these calls `end`:
 *
 * - its outer deadline, when that ends,
 * - its caller's signal, when that aborts,
 * - its timer, after the timeout,
 * - the client, when it is closed with `force`.
 *
 * All layers of a call share one deadline. At its end, a deadline stops its timer, no longer follows the others, and runs the
 * callbacks of `onEnd`. If the call is over before, the creator of the deadline calls `release`.
 *
 * It does the work of an AbortController at a fraction of the price: one AbortSignal for each call would cost JSON calls a quarter of
 * their rate (`npm run bench`, 16 in flight). `signal` creates one for code that needs it.
 */
export class Deadline {
  /** The time of the timeout, on the clock of `performance.now()`; infinity without one. */
  readonly #endMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leaveSignal: (() => void) | undefined;
  readonly #leaveOuter: (() => void) | undefined;
  /** The end; undefined while the call runs. */
  #ended: { readonly ending: Ending; readonly reason: unknown } | undefined;
  #callbacks: EndCallback[] = [];
  #controller: AbortController | undefined;

  constructor({ timeoutMs = 0, signal, outer }: DeadlineOptions = {}) {
    const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.#endMs = outer === undefined ? ownEndMs : Math.min(ownEndMs, outer.#endMs);
    this.#leaveOuter = outer?.onEnd((reason, ending) => this.end(ending, reason));
    this.#leaveSignal = signal && onAbort(signal, () => this.end(endingOf(signal), signal.reason));
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => this.end("deadline", timeoutError()), timeoutMs);
    }
    if (this.#ended) {
      // The outer deadline or the signal was over already, so the others need not be followed.
      this.release();
    }
  }

  /** The reason why the call has ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ended?.ending;
  }

  /** The time until the timeout in milliseconds; infinity without one. */
  get remainingMs(): number {
    return this.#endMs - performance.now();
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
    if (this.#ended) {
      return;
    }
    this.#ended = { ending, reason };
    this.release();
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      callback(reason, ending);
    }
  }

  /** Stops the timer, and no longer follows the signal and the outer deadline. Only `end` can end the call after that. */
  release(): void {
    clearTimeout(this.#timer);
    this.#leaveSignal?.();
    this.#leaveOuter?.();
  }

  /**
   * Calls `callback` with the reason when the call ends, or at once if it has ended. Returns a function that unregisters the
   * callback.
   */
  onEnd(callback: EndCallback): () => void {
    if (this.#ended) {
      callback(this.#ended.reason, this.#ended.ending);
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
    if (this.#ended) {
      throw this.#ended.reason;
    }
  }

  /** Returns the result of `work`, or rejects as soon as the call ends, even if `work` continues. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const unregister = this.onEnd(reject);
      void work.then(resolve, reject).then(unregister);
    });
  }
}

/** Returns the kind of the end by a caller's signal. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endingOf({ reason }: AbortSignal): "timeout-signal" | "aborted" {
  return isError(reason) && reason.name === "TimeoutError" ? "timeout-signal" : "aborted";
}

function timeoutError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
