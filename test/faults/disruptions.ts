import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import type { Journal } from "./journal.js";
import type { Proxy } from "./proxy.js";
import { pickWeighted } from "./seeded.js";
import type { CampaignServer } from "./server.js";

/** Where disruptions strike. */
export interface Lines {
  readonly proxies: ReadonlyMap<WireName, Proxy>;
  readonly server: CampaignServer;
  readonly journal: Journal;
}

interface Disruption {
  readonly name: string;
  readonly weight: number;
  readonly run: (proxy: Proxy, random: Random, server: CampaignServer) => Promise<void> | void;
  /** Whether it strikes every wire. */
  readonly everywhere?: true;
}

/** So long after bytes were to break, all that are under way have come by. */
const breakMs = 100;

const disruptions: readonly Disruption[] = [
  { name: "proxy: connections ended", weight: 3, run: (proxy) => proxy.cut("end") },
  { name: "proxy: connections reset", weight: 3, run: (proxy) => proxy.cut("reset") },
  {
    name: "proxy: request cut in the middle",
    weight: 5,
    run: async (proxy) => {
      proxy.breakNext("request");
      await sleep(breakMs);
    },
  },
  {
    name: "proxy: answer cut in the middle",
    weight: 5,
    run: async (proxy) => {
      proxy.breakNext("answer");
      await sleep(breakMs);
    },
  },
  {
    name: "proxy: stalled",
    weight: 2,
    run: async (proxy, random) => {
      proxy.stall();
      await sleep(50 + random.integer(300));
      proxy.resume();
    },
  },
  {
    name: "proxy: refuses connections",
    weight: 2,
    run: async (proxy, random) => {
      await proxy.refuse();
      await sleep(20 + random.integer(150));
      await proxy.accept();
    },
  },
  {
    name: "server: restarted",
    weight: 3,
    everywhere: true,
    run: (_proxy, random, server) =>
      server.restart(async () => {
        await sleep(20 + random.integer(100));
      }),
  },
];

/** Lets something happen to the connections of one wire, or to the server. One at a time: `isBusy` tells. */
export function createDisruptor({ proxies, server, journal }: Lines): {
  readonly isBusy: boolean;
  strike(wire: WireName, random: Random): Promise<void>;
  settled(): Promise<void>;
} {
  let running: Promise<void> | undefined;
  const strike = async (wire: WireName, random: Random): Promise<void> => {
    const proxy = proxies.get(wire);
    if (proxy === undefined) {
      return;
    }
    const { name, run, everywhere } = pickWeighted(random, disruptions);
    const trouble = journal.trouble(name, everywhere ? "all" : wire);
    journal.hit(name);
    try {
      await run(proxy, random, server);
    } finally {
      trouble.toMs = performance.now();
    }
  };
  return {
    get isBusy() {
      return running !== undefined;
    },
    strike(wire, random) {
      running ??= strike(wire, random).finally(() => (running = undefined));
      return running;
    },
    settled: async () => {
      await running;
    },
  };
}
