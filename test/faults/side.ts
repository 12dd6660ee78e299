import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";
import { createDisruptor, proxyDisruptions } from "./disruptions.js";
import type { Journal } from "./journal.js";
import { createProxy, type Proxy } from "./proxy.js";
import type { Recorder } from "./recorder.js";
import type { CampaignServer } from "./server.js";

/** The surroundings of what goes on beside the workers: the same server, and connections and disruptions of its own. */
export interface Side {
  readonly seed: number;
  readonly lagMs: number;
  readonly server: CampaignServer;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly wires: readonly WireName[];
  portOf(wire: WireName): number;
  /** Lets something happen to the connections of a wire, now and then. */
  disturb(wire: WireName, random: Random): void;
  /** Waits until nothing of the operations can be under way any more. */
  rest(operations: readonly string[]): Promise<void>;
  /** Waits for work, and fails if it does not end at all. */
  inTime<T>(work: Promise<T>, what: string): Promise<T>;
  close(): Promise<void>;
}

/** The time after which work counts as hanging. All of its calls have deadlines far below it. */
const longestMs = 90_000;

const disturbance = 0.4;

export async function createSide(
  given: Pick<Side, "seed" | "lagMs" | "server" | "journal" | "recorder">,
): Promise<Side> {
  const { server, journal, recorder } = given;
  const proxies = new Map<WireName, Proxy>();
  for (const wire of wireNames) {
    proxies.set(wire, await createProxy(() => ({ port: server.port, isTls: false })));
  }
  const disruptor = createDisruptor({
    proxies,
    server,
    // A trouble here explains nothing of what the workers see.
    journal: {
      trouble: (what, wire) => ({ what, wire, fromMs: 0, toMs: 0 }),
      hit: journal.hit,
    },
    closeByForce: () => Promise.resolve(),
    only: proxyDisruptions,
  });
  const striking = new Set<Promise<void>>();
  return {
    ...given,
    wires: wireNames,
    portOf: (wire) => (proxies.get(wire) as Proxy).port,
    disturb(wire, random) {
      if (!random.chance(disturbance) || disruptor.isBusy) {
        return;
      }
      const strike = async (): Promise<void> => {
        await sleep(random.integer(400));
        await disruptor.strike(wire, random);
      };
      const work = strike()
        .catch((error: unknown) => {
          recorder.violation("unhandled", `a disruption failed: ${String(error)}`);
        })
        .finally(() => striking.delete(work));
      striking.add(work);
    },
    async rest(operations) {
      await disruptor.settled();
      await Promise.all([...proxies.values()].map((proxy) => proxy.flushed()));
      for (let calm = 0; calm < 4; calm++) {
        await sleep(5);
        if (operations.some((each) => journal.isAtWork(each))) {
          calm = 0;
        }
      }
    },
    async inTime(work, what) {
      const controller = new AbortController();
      const { signal } = controller;
      const end = sleep(longestMs, undefined, { signal }).then(() => {
        throw new Error(`${what} hangs`);
      });
      end.catch(() => undefined);
      try {
        return await Promise.race([work, end]);
      } finally {
        controller.abort();
      }
    },
    async close() {
      await Promise.all(striking);
      await disruptor.settled();
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}
