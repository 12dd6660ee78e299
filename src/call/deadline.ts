import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/** The limits of a call. Without any, it ends only by itself, or when its client is closed with `force`. */
interface DeadlineOptions {
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** A deadline that the new one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/**
 * The end of one call: at its timeout, when its caller's signal aborts, or when its client is closed with `force`, whichever comes
 * first. All layers of a call share one deadline.
 *
 * Layers register callbacks with `onEnd`. An AbortSignal is only created for code that needs one, because creating one for each
 * call would cost JSON calls a quarter of their rate (`npm run bench`, 16 in flight).
 */
export class Deadline {
  /** The time of the timeout, on the clock of `performance.now()`. */
  readonly #endMs: number;
  /** The functions that remove the timer and the listeners. */
  readonly #cleanUps: (() => void)[] = [];
  #callbacks: ((reason: unknown) => void)[] = [];
  #controller: AbortController | undefined;
  #ending: Ending | undefined;
  #reason: unknown;

  /** Starts a deadline. */
  constructor({ signal, timeoutMs = 0, outer }: DeadlineOptions = {}) {
    const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.#endMs = outer === undefined ? ownEndMs : Math.min(ownEndMs, outer.#endMs);
    // Each of the three may end the deadline at once.
    if (outer !== undefined) {
      this.#cleanUps.push(outer.onEnd((reason) => this.end(outer.ending ?? "aborted", reason)));
    }
    if (signal !== undefined && this.#ending === undefined) {
      this.#cleanUps.push(onAbort(signal, () => this.end(endingOf(signal), signal.reason)));
    }
    if (timeoutMs > 0 && this.#ending === undefined) {
      const timer = setTimeout(() => {
        this.end("deadline", new ConnectError("the operation timed out", Code.DeadlineExceeded));
      }, timeoutMs);
      this.#cleanUps.push(() => clearTimeout(timer));
    }
  }

  /** The reason why the call has ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The time until the timeout in milliseconds; infinity without one. */
  get remainingMs(): number {
    return this.#endMs - performance.now();
  }

  /** A signal that aborts when the call ends. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#ending !== undefined && !this.#controller.signal.aborted) {
      this.#controller.abort(this.#reason);
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
    this.#controller?.abort(reason);
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
      work.then(
        (result) => {
          unregister();
          resolve(result);
        },
        (error: unknown) => {
          unregister();
          reject(error);
        },
      );
    });
  }

  /** Removes the timer, and the listeners on the caller's signal and on the outer deadline. Call it when the call is over. */
  release(): void {
    for (const cleanUp of this.#cleanUps) {
      cleanUp();
    }
  }
}

/** Returns the reason for which a caller's signal ended a call. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endingOf({ reason }: AbortSignal): Ending {
  return reason instanceof Error && reason.name === "TimeoutError" ? "timeout-signal" : "aborted";
}
