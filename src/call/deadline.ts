import { abortWith } from "./abort.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/**
 * The end of one call: at its timeout, when its caller's signal aborts, or when its client is closed with `force`, whichever comes
 * first. All layers of a call share one deadline, which `startDeadline` creates.
 *
 * Layers register callbacks with `onEnd`. An AbortSignal is only created for code that needs one, because creating one for each
 * call would cost JSON calls a quarter of their rate (`npm run bench`, 16 in flight).
 */
export class Deadline {
  /** The time of the timeout, on the clock of `performance.now()`; infinity without one. */
  readonly endMs: number;
  #ending: Ending | undefined;
  #reason: unknown;
  #callbacks: ((reason: unknown) => void)[] = [];
  #cleanUps: (() => void)[] = [];
  #controller: AbortController | undefined;

  constructor(endMs: number = Number.POSITIVE_INFINITY) {
    this.endMs = endMs;
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

  /** Runs `cleanUp` when the deadline is released, or at once if the call has ended. */
  onRelease(cleanUp: () => void): void {
    if (this.#ending === undefined) {
      this.#cleanUps.push(cleanUp);
    } else {
      cleanUp();
    }
  }

  /** Removes the timer and the listeners that could end the call. Call it when the call is over. */
  release(): void {
    const cleanUps = this.#cleanUps;
    this.#cleanUps = [];
    for (const cleanUp of cleanUps) {
      cleanUp();
    }
  }
}
