import { abortWith } from "./abort.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/**
 * The end of a call by its client, before there is a response. Layers register callbacks for it with `onEnd`.
 *
 * It does the work of an AbortController at a fraction of the price: one AbortSignal for each call would cost JSON calls a quarter of
 * their rate (`npm run bench`, 16 in flight). `signal` creates one for code that needs it.
 */
export class CallEnd {
  #ending: Ending | undefined;
  #reason: unknown;
  #callbacks: ((reason: unknown) => void)[] = [];
  #controller: AbortController | undefined;

  /** The reason why the call has ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
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
}
