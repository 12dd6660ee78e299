import type { Deadline } from "../../call/deadline.js";

/** The connection of the slots. */
interface SlotOwner {
  /** True if the connection accepts another stream. */
  readonly usable: boolean;
  /** Runs when the first slot is taken. */
  onBusy(): void;
  /** Runs when the last slot is free again. */
  onIdle(): void;
}

/**
 * The slots for the streams of a connection, and the calls that wait for one. node:http2 would queue a stream beyond the server's limit
 * itself, but then it would be unknown whether the request was sent.
 */
export class StreamSlots {
  readonly #owner: SlotOwner;
  /** The number of taken slots: open streams, and calls that are about to open theirs. */
  #taken = 0;
  /** The number of streams that the server allows at the same time. */
  #limit = Number.POSITIVE_INFINITY;
  /** The calls that wait for a slot, first come first served. The argument is true if the call got a slot. */
  readonly #queue = new Set<(gotSlot: boolean) => void>();

  constructor(owner: SlotOwner) {
    this.#owner = owner;
  }

  /** The number of taken slots. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes a slot. Returns false if there is none at present, or if other calls are waiting already. */
  take(): boolean {
    if (this.#queue.size > 0 || this.#taken >= this.#limit) {
      return false;
    }
    this.#taken++;
    if (this.#taken === 1) {
      this.#owner.onBusy();
    }
    return true;
  }

  /**
   * Waits for a slot and takes it. Returns false if there will be none: the connection accepts no more streams, or the call has ended.
   */
  wait(deadline: Deadline): boolean | Promise<boolean> {
    if (this.take()) {
      return true;
    }
    return new Promise((resolve) => {
      let unregister: (() => void) | undefined;
      const turn = (gotSlot: boolean): void => {
        this.#queue.delete(turn);
        unregister?.();
        resolve(gotSlot);
      };
      this.#queue.add(turn);
      unregister = deadline.onEnd(() => turn(false));
    });
  }

  /** Returns a slot, and gives it to the first waiting call if the connection still accepts streams. */
  free(): void {
    const [next] = this.#queue;
    if (next !== undefined && this.#owner.usable && this.#taken <= this.#limit) {
      next(true);
      return;
    }
    this.#taken--;
    if (this.#taken === 0) {
      this.#owner.onIdle();
    }
  }

  /** Sets the limit that the server has sent, and gives new slots to waiting calls. */
  setLimit(limit: number): void {
    this.#limit = limit;
    for (const turn of this.#queue) {
      if (!this.#owner.usable || this.#taken >= this.#limit) {
        return;
      }
      this.#taken++;
      turn(true);
    }
  }

  /** Notifies all calls that wait for a slot that they need another connection. */
  sendQueueAway(): void {
    for (const turn of this.#queue) {
      turn(false);
    }
  }
}
