/** A queue that lets a limited number of requests run at the same time. Further requests wait in order of arrival. */
export class ConnectionQueue {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Calls `start` when a connection is free, at once if possible. Returns a function that removes the request from the queue. */
  enter(start: () => void): () => void {
    if (this.#free > 0) {
      this.#free--;
      start();
      return doNothing;
    }
    // A new entry for each request, because the same function may wait twice.
    const entry = (): void => start();
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Passes the connection on to the next request. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
    } else {
      this.#waiting.delete(next);
      // In a microtask, so that thousands of requests that fail at once do not call each other recursively.
      queueMicrotask(next);
    }
  }
}

const doNothing = (): void => undefined;
