import { abortWith } from "../utils/abort.js";

/**
 * The reason why the client ended a call: the timeout of the call, the `AbortSignal.timeout()` of its caller, another abort by its
 * caller, or `close` of the client.
 */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/** A function that runs when a call ends. */
type EndCallback = (reason: unknown, ending: Ending) => void;

/**
 * The end of a call by its client, before a response arrives. All layers of a call share one deadline, which runs until `end` and ends at
 * most once. `startDeadline` creates a deadline that a timeout or a signal ends.
 *
 * This class replaces an AbortController, because an AbortSignal for each call would cost JSON calls a quarter of their rate (`npm run
 * bench`, 16 in flight). `signal` creates an AbortSignal only for code that needs one.
 */
export class Deadline {
  /** The time at which the timeout ends, on the clock of `performance.now()`; infinity without a timeout. */
  readonly endMs: number;
  /** The kind and the reason of the end; undefined while the call runs. */
  #ended: { readonly ending: Ending; readonly reason: unknown } | undefined;
  #callbacks: EndCallback[] = [];
  #controller: AbortController | undefined;

  constructor(endMs: number = Number.POSITIVE_INFINITY) {
    this.endMs = endMs;
  }

  /** The kind of the end, such as `"aborted"`; undefined while the call runs. */
  get ending(): Ending | undefined {
    return this.#ended?.ending;
  }

  /** The error with which the call ended; undefined while the call runs. */
  get reason(): unknown {
    return this.#ended?.reason;
  }

  /** The time that is left until the timeout, in milliseconds; infinity without a timeout. */
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

  /** Ends the call, and runs all callbacks in their order. Has no effect after the first time. */
  end(reason: unknown, ending: Ending): void {
    if (this.#ended) {
      return;
    }
    this.#ended = { ending, reason };
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      callback(reason, ending);
    }
  }

  /** Calls `callback` when the call ends, or at once if it has ended. Returns a function that unregisters the callback. */
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
