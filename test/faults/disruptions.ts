import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { blackholeName, type Journal } from "./journal.js";
import type { DisruptiveProxy } from "./disruptive-proxy.js";
import { pickWeighted } from "./seeded-random.js";
import type { CampaignServer } from "./campaign-server.js";

/** The proxies, clients and server that disruptions affect. */
export interface DisruptionTargets {
  readonly proxies: ReadonlyMap<WireName, DisruptiveProxy>;
  readonly server: CampaignServer;
  readonly journal: Pick<Journal, "beginDisruption" | "countInjected">;
  /** Force-closes one client of a wire protocol, and replaces it. */
  forceClose(wire: WireName, random: Random): Promise<void>;
  /** The names of the disruptions to choose from. Default: all. */
  readonly only?: readonly string[] | undefined;
}

interface Disruption {
  readonly name: string;
  readonly weight: number;
  readonly run: (
    proxy: DisruptiveProxy,
    random: Random,
    targets: DisruptionTargets,
    wire: WireName,
  ) => Promise<void> | void;
  /** True if the disruption affects every wire protocol. */
  readonly affectsAllWires?: true;
}

/** The time in which a proxy meets bytes that it can truncate. */
const truncationMs = 100;

/** Bytes that are neither TLS records of the connection nor HTTP, so that both ends of a connection detect the damage. */
const wrongBytes: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["plain bytes", Buffer.from("220 mail.example ESMTP ready\r\n")],
  ["a damaged TLS record", Buffer.from([23, 3, 3, 0, 32, ...Array<number>(32).fill(7)])],
  ["a TLS alert", Buffer.from([21, 3, 3, 0, 2, 2, 20])],
];

const nameWrongBytes = (bytesName: string): string => `proxy: ${bytesName} for responses`;

/** The names of the disruptions that replace responses. */
export const wrongByteNames: readonly string[] = wrongBytes.map(([name]) => nameWrongBytes(name));

export const forcedCloseName = "client: closed by force";

const disruptions: readonly Disruption[] = [
  { name: "proxy: connections ended", weight: 3, run: (proxy) => proxy.closeConnections("end") },
  { name: "proxy: connections reset", weight: 3, run: (proxy) => proxy.closeConnections("reset") },
  {
    name: "proxy: request truncated",
    weight: 5,
    run: async (proxy) => {
      proxy.truncateNext("request");
      await sleep(truncationMs);
    },
  },
  {
    name: "proxy: response truncated",
    weight: 5,
    run: async (proxy) => {
      proxy.truncateNext("response");
      await sleep(truncationMs);
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
    name: "proxy: connections refused",
    weight: 2,
    run: async (proxy, random) => {
      await proxy.refuseConnections();
      await sleep(20 + random.integer(150));
      await proxy.acceptConnections();
    },
  },
  {
    name: blackholeName,
    weight: 3,
    run: async (proxy, random) => {
      proxy.startBlackhole();
      await sleep(300 + random.integer(1100));
      proxy.endBlackhole();
    },
  },
  ...wrongBytes.map(([name, bytes]): Disruption => ({
    name: nameWrongBytes(name),
    weight: 2,
    run: async (proxy, random) => {
      proxy.replaceResponses(bytes);
      await sleep(20 + random.integer(200));
      proxy.closeConnections("reset");
    },
  })),
  {
    name: forcedCloseName,
    weight: 4,
    run: async (_proxy, random, { forceClose }, wire) => await forceClose(wire, random),
  },
  {
    name: "server: restarted",
    weight: 3,
    affectsAllWires: true,
    run: (_proxy, random, { server }) =>
      server.restart(async () => {
        await sleep(20 + random.integer(100));
      }),
  },
];

/** The names of the disruptions that affect only a proxy. */
export const proxyDisruptions: readonly string[] = disruptions
  .map(({ name }) => name)
  .filter((name) => name.startsWith("proxy: "));

/** Injects disruptions, one at a time. */
export interface Disruptor {
  readonly isBusy: boolean;
  /** Injects a random disruption of one wire protocol, or waits for the one that is running. Resolves at its end. */
  inject(wire: WireName, random: Random): Promise<void>;
  /** Resolves when no disruption is running. */
  waitUntilDone(): Promise<void>;
}

export function createDisruptor(targets: DisruptionTargets): Disruptor {
  const { proxies, journal, only } = targets;
  const choices = disruptions.filter(({ name }) => only?.includes(name) ?? true);
  let running: Promise<void> | undefined;
  const runOne = async (wire: WireName, random: Random): Promise<void> => {
    const proxy = proxies.get(wire);
    if (proxy === undefined) {
      return;
    }
    const { name, run, affectsAllWires } = pickWeighted(random, choices);
    const recorded = journal.beginDisruption(name, affectsAllWires ? "all" : wire);
    journal.countInjected(name);
    try {
      await run(proxy, random, targets, wire);
    } finally {
      recorded.toMs = performance.now();
    }
  };
  return {
    get isBusy() {
      return running !== undefined;
    },
    inject(wire, random) {
      running ??= runOne(wire, random).finally(() => (running = undefined));
      return running;
    },
    waitUntilDone: async () => {
      await running;
    },
  };
}
