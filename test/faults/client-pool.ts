import type { IdpClient } from "zitadel-idp";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";

/** One client of the pool. */
export interface PooledClient {
  readonly client: IdpClient;
  /** The time at which `close({ force: true })` was called on the client. Undefined: not called. */
  forceClosedMs: number | undefined;
}

/** A place in the pool for one client at a time. One worker uses it, or all workers of a wire protocol share it. */
export interface ClientSlot {
  readonly wire: WireName;
  /** The client to use now. A client that is force-closed is replaced at once. */
  current: PooledClient;
}

/** The clients of one round. */
export interface ClientPool {
  readonly forcedCloses: number;
  /** Removes the closed clients of the last round. */
  clear(): void;
  /** Adds a slot. Calls `open` for its first client, and again after each forced close. */
  addSlot(wire: WireName, open: (generation: number) => IdpClient): ClientSlot;
  /** Force-closes one client of a wire protocol. */
  forceClose(wire: WireName, random: Random): Promise<void>;
  /** Closes all clients without force. */
  closeAll(): Promise<void>;
}

export function createClientPool(): ClientPool {
  let slots: (ClientSlot & { replace(): void })[] = [];
  let forcedCloses = 0;
  return {
    get forcedCloses() {
      return forcedCloses;
    },
    clear: () => void (slots = []),
    addSlot(wire, open) {
      let generation = 0;
      const next = (): PooledClient => ({ client: open(generation++), forceClosedMs: undefined });
      const slot = { wire, current: next(), replace: () => void (slot.current = next()) };
      slots.push(slot);
      return slot;
    },
    async forceClose(wire, random) {
      const candidates = slots.filter((each) => each.wire === wire);
      if (candidates.length === 0) {
        return;
      }
      const slot = random.pick(candidates);
      const closing = slot.current;
      slot.replace();
      forcedCloses++;
      closing.forceClosedMs = performance.now();
      await closing.client.close({ force: true });
    },
    async closeAll() {
      await Promise.all(slots.map(({ current }) => current.client.close()));
    },
  };
}
