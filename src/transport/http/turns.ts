/** Lets a number of tasks run at a time. The others wait for their turn, in the order in which they came. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** Calls `start` when there is a turn, which may be at once. Returns a function that takes it off the queue. */
  take(start: () => void): () => void {
    if (this.#free > 0) {
      this.#free--;
      start();
      return nothing;
    }
    // An entry of its own, because the same function may wait twice.
    const entry = (): void => start();
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Passes a turn on to the next task. */
  giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
    } else {
      this.#waiting.delete(next);
      // Later, so that thousands of tasks that fail at once do not call each other.
      queueMicrotask(next);
    }
  }
}

const nothing = (): void => undefined;
