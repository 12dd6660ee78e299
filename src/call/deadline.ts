import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/**
 * The end of one call: at its timeout, when its caller's signal aborts, or when its client is closed with `force`, whichever comes
 * first. All layers of a call share one deadline.
 *
 * Layers register callbacks with `onEnd`. An AbortSignal is only created for code that needs one, because creating one for each
 * call would cost JSON calls a quarter of their rate (`npm run bench`, 16 in flight).
 */
export class Deadline {
  readonly #endMs: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unlisten: (() => void) | undefined;
  readonly #unregister: (() => void) | undefined;
  #callbacks: ((reason: unknown) => void)[] = [];
  #controller: AbortController | undefined;
  #ending: Ending | undefined;
  #reason: unknown;

  /** Starts a deadline. A timeout of 0 or undefined means none. A deadline within an outer one never ends later than that. */
  constructor(callerSignal?: AbortSignal, timeoutMs = 0, outer?: Deadline) {
    const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
    this.#endMs = outer === undefined ? ownEndMs : Math.min(ownEndMs, outer.#endMs);
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => {
        this.end("deadline", new ConnectError("the operation timed out", Code.DeadlineExceeded));
      }, timeoutMs);
    }
    if (callerSignal !== undefined) {
      this.#unlisten = onAbort(callerSignal, () => {
        const reason: unknown = callerSignal.reason;
        this.end(isTimeout(reason) ? "timeout-signal" : "aborted", reason);
      });
    }
    this.#unregister = outer?.onEnd((reason) => this.end(outer.ending ?? "aborted", reason));
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
    clearTimeout(this.#timer);
    this.#unlisten?.();
    this.#unregister?.();
  }
}

/** Returns true for the abort reason of `AbortSignal.timeout()`. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

/** Returns the value of `grpc-timeout`: at most eight digits and a unit, of which `m` is milliseconds. */
export function timeoutHeader(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms <= longestMs ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

/** The largest number of milliseconds that eight digits of `grpc-timeout` can hold: 27 hours. */
const longestMs = 99_999_999;

/**
 * Returns the timeout of an attempt that ends with `deadline`: whole milliseconds, rounded up, so that the client reaches the
 * deadline before the server. Undefined without a timeout.
 */
export function attemptTimeoutMs({ remainingMs }: Deadline): number | undefined {
  return remainingMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(remainingMs));
}
