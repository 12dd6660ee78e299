import type { Call } from "./call.js";

/**
 * The open calls of a client. A client that closes waits for them or ends them.
 *
 * This is a linked list through the calls. A Set of calls, or a shared AbortSignal with a listener for each call, would cost JSON
 * calls a quarter and gRPC calls a tenth of their rate at 16 in flight (`npm run bench`), most of it garbage collection.
 */
export class OpenCalls {
  #newest: Call | undefined;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  /** True after `close`: no call may begin any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(call: Call): void {
    call.older = this.#newest;
    if (this.#newest !== undefined) {
      this.#newest.newer = call;
    }
    this.#newest = call;
  }

  remove(call: Call): void {
    const { older, newer } = call;
    if (newer !== undefined) {
      newer.older = older;
    } else if (this.#newest === call) {
      this.#newest = older;
    }
    if (older !== undefined) {
      older.newer = newer;
    }
    call.older = call.newer = undefined;
    if (this.#newest === undefined) {
      this.#onIdle?.();
    }
  }

  /** Stops new calls from beginning. Resolves when the last open call has ended, or when `end` is called. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      if (this.#newest === undefined) {
        resolve();
      }
    });
  }

  /** Ends all open calls with `reason`, whatever they are waiting for. */
  end(reason: unknown): void {
    // The list changes while calls end.
    const calls: Call[] = [];
    for (let call = this.#newest; call !== undefined; call = call.older) {
      calls.push(call);
    }
    for (const call of calls) {
      call.deadline.end(reason, "closed");
    }
    this.#onIdle?.();
  }
}
