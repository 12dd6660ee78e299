import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";
import {
  createDisruptiveProxy,
  type DisruptiveProxy,
  waitUntilAllFlushed,
} from "./disruptive-proxy.js";
import { createDisruptor, type Disruptor, proxyDisruptions } from "./disruptions.js";
import type { Journal } from "./journal.js";
import type { Recorder } from "./recorder.js";
import type { CampaignServer } from "./campaign-server.js";

/** The objects that background work shares: the campaign's server, and proxies and disruptions of its own. */
export interface BackgroundContext {
  readonly seed: number;
  readonly lagMs: number;
  readonly server: CampaignServer;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly wires: readonly WireName[];
  portOf(wire: WireName): number;
  /** Starts a disruption of a wire protocol's connections with a fixed probability. Does not wait for its end. */
  disruptSometimes(wire: WireName, random: Random): void;
  /** Waits until no request of the operations can still reach the server. */
  waitUntilIdle(operations: readonly string[]): Promise<void>;
  /** Waits for `work`, and throws an error that begins with `name` if it has not ended after 90 seconds. */
  failIfHanging<T>(work: Promise<T>, name: string): Promise<T>;
  close(): Promise<void>;
}

/** The time after which work counts as hanging. All of its calls have much shorter deadlines. */
const hangingAfterMs = 90_000;

const disruptionProbability = 0.4;

export async function createBackgroundContext(
  given: Pick<BackgroundContext, "seed" | "lagMs" | "server" | "journal" | "recorder">,
): Promise<BackgroundContext> {
  const { server, journal, recorder } = given;
  const proxies = new Map<WireName, DisruptiveProxy>();
  for (const wire of wireNames) {
    proxies.set(wire, await createDisruptiveProxy(() => ({ port: server.port, isTls: false })));
  }
  const disruptor = createDisruptor({
    proxies,
    server,
    // A disruption of these proxies cannot explain a failure that a worker sees, so the journal does not record it.
    journal: {
      beginDisruption: (name, wire) => ({ name, wire, fromMs: 0, toMs: 0 }),
      countInjected: journal.countInjected,
    },
    forceClose: () => Promise.resolve(),
    only: proxyDisruptions,
  });
  const injections = createInjections(disruptor, recorder);
  return {
    ...given,
    wires: wireNames,
    portOf: (wire) => (proxies.get(wire) as DisruptiveProxy).port,
    disruptSometimes(wire, random) {
      if (random.chance(disruptionProbability) && !disruptor.isBusy) {
        injections.start(wire, random);
      }
    },
    async waitUntilIdle(operations) {
      await disruptor.waitUntilDone();
      await waitUntilAllFlushed(proxies);
      for (let idle = 0; idle < 4; idle++) {
        await sleep(5);
        if (operations.some((each) => journal.isBusyWith(each))) {
          idle = 0;
        }
      }
    },
    failIfHanging,
    async close() {
      await injections.waitUntilDone();
      await disruptor.waitUntilDone();
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}

/** The delayed disruptions that were started and have not ended. */
function createInjections(
  disruptor: Disruptor,
  recorder: Recorder,
): { start(wire: WireName, random: Random): void; waitUntilDone(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const inject = async (wire: WireName, random: Random): Promise<void> => {
    await sleep(random.integer(400));
    await disruptor.inject(wire, random);
  };
  return {
    start(wire, random) {
      const injection = inject(wire, random)
        .catch((error: unknown) => {
          recorder.addViolation("unhandledError", `a disruption failed: ${String(error)}`);
        })
        .finally(() => running.delete(injection));
      running.add(injection);
    },
    waitUntilDone: async () => void (await Promise.all(running)),
  };
}

async function failIfHanging<T>(work: Promise<T>, name: string): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const timeout = sleep(hangingAfterMs, undefined, { signal }).then(() => {
    throw new Error(`${name} hangs`);
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    controller.abort();
  }
}
