import type { CallRecord } from "./call-record.js";

/**
 * The calls of a client that are under way, so that closing the client can wait for them or end them.
 *
 * It is a list through the records themselves. A shared AbortSignal with a listener for each call, or a Set of calls, would cost
 * JSON calls a quarter and gRPC calls a tenth of their rate at 16 in flight (`npm run bench`), most of it garbage collection.
 */
export class OpenCalls {
  #newest: CallRecord | undefined;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;
  #onFirstCall: (() => void) | undefined;

  /** `onFirstCall` runs when the first call begins. */
  constructor(onFirstCall: () => void) {
    this.#onFirstCall = onFirstCall;
  }

  /** True after `closed`: no call may begin any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(record: CallRecord): void {
    this.#onFirstCall?.();
    this.#onFirstCall = undefined;
    record.older = this.#newest;
    if (this.#newest !== undefined) {
      this.#newest.newer = record;
    }
    this.#newest = record;
  }

  remove(record: CallRecord): void {
    const { older, newer } = record;
    if (newer !== undefined) {
      newer.older = older;
    } else if (this.#newest === record) {
      this.#newest = older;
    }
    if (older !== undefined) {
      older.newer = newer;
    }
    record.older = record.newer = undefined;
    if (this.#newest === undefined) {
      this.#whenIdle?.();
    }
  }

  /** Lets no call begin from now on. Fulfils when the last one has ended, or when `end` was called. */
  closed(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
      if (this.#newest === undefined) {
        resolve();
      }
    });
  }

  /** Ends all calls for `reason`, whatever they wait for. */
  end(reason: unknown): void {
    for (let record = this.#newest; record !== undefined; record = record.older) {
      record.closed = reason;
      if (record.limits !== undefined) {
        record.limits.abort(reason);
      } else {
        record.waiter?.abort(reason);
        record.reject?.(reason);
      }
    }
    this.#whenIdle?.();
  }
}
