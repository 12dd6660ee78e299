/** A queue that lets a limited number of tasks run at the same time. The others wait in the order in which they came. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** Calls `start` when there is a free turn, at once if possible. Returns a function that removes the task from the queue. */
  take(start: () => void): () => void {
    if (this.#free > 0) {
      this.#free--;
      start();
      return nothing;
    }
    // A new entry for each task, because the same function may wait twice.
    const entry = (): void => start();
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Passes a turn to the next task. */
  giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
    } else {
      this.#waiting.delete(next);
      // In a microtask, so that thousands of tasks that fail at once do not call each other recursively.
      queueMicrotask(next);
    }
  }
}

const nothing = (): void => undefined;
