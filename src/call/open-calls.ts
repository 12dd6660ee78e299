import type { CallRecord } from "./call-record.js";

/**
 * The open calls of a client, so that `close` can wait for them or end them.
 *
 * This is a linked list through the call records. A shared AbortSignal with a listener for each call, or a Set of calls, would
 * cost JSON calls a quarter and gRPC calls a tenth of their rate at 16 in flight (`npm run bench`), most of it garbage
 * collection.
 */
export class OpenCalls {
  #newest: CallRecord | undefined;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;
  #onFirstCall: (() => void) | undefined;

  /** Creates an empty list. `onFirstCall` runs when the first call begins. */
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

  /** Stops new calls from beginning. Resolves when the last open call has ended, or when `end` is called. */
  closed(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
      if (this.#newest === undefined) {
        resolve();
      }
    });
  }

  /** Ends all calls with `reason`, whatever they are waiting for. */
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
