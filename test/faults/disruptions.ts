import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { type Journal, silenceName } from "./journal.js";
import type { Proxy } from "./proxy.js";
import { pickWeighted } from "./seeded.js";
import type { CampaignServer } from "./server.js";

/** The connections and servers that disruptions strike. */
export interface Lines {
  readonly proxies: ReadonlyMap<WireName, Proxy>;
  readonly server: CampaignServer;
  readonly journal: Pick<Journal, "trouble" | "hit">;
  /** Closes a client of a wire by force, while others take its place. */
  closeByForce(wire: WireName, random: Random): Promise<void>;
  /** The names of the disruptions to choose from. Default: all. */
  readonly only?: readonly string[] | undefined;
}

interface Disruption {
  readonly name: string;
  readonly weight: number;
  readonly run: (
    proxy: Proxy,
    random: Random,
    lines: Lines,
    wire: WireName,
  ) => Promise<void> | void;
  /** True if the disruption strikes every wire protocol. */
  readonly everywhere?: true;
}

/** So long after bytes were to break, all that are under way have come by. */
const breakMs = 100;

/** Bytes that are neither TLS records of the connection nor HTTP: each end of a connection must see that they are wrong. */
const damages: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["plain bytes", Buffer.from("220 mail.example ESMTP ready\r\n")],
  ["a damaged record", Buffer.from([23, 3, 3, 0, 32, ...Array<number>(32).fill(7)])],
  ["an alert", Buffer.from([21, 3, 3, 0, 2, 2, 20])],
];

const damageName = (what: string): string => `proxy: ${what} in place of answers`;

export const damageNames: readonly string[] = damages.map(([name]) => damageName(name));

export const forcedClose = "client: closed by force";

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
    name: silenceName,
    weight: 3,
    run: async (proxy, random) => {
      proxy.silence();
      await sleep(300 + random.integer(1100));
      proxy.endSilence();
    },
  },
  ...damages.map(([name, bytes]): Disruption => ({
    name: `proxy: ${name} in place of answers`,
    weight: 2,
    run: async (proxy, random) => {
      proxy.damage(bytes);
      await sleep(20 + random.integer(200));
      proxy.cut("reset");
    },
  })),
  {
    name: forcedClose,
    weight: 4,
    run: async (_proxy, random, { closeByForce }, wire) => await closeByForce(wire, random),
  },
  {
    name: "server: restarted",
    weight: 3,
    everywhere: true,
    run: (_proxy, random, { server }) =>
      server.restart(async () => {
        await sleep(20 + random.integer(100));
      }),
  },
];

/** The names of the disruptions that strike nothing but a proxy. */
export const proxyDisruptions: readonly string[] = disruptions
  .map(({ name }) => name)
  .filter((name) => name.startsWith("proxy: "));

/** Lets something happen to the connections of one wire, or to the server. One at a time: `isBusy` tells. */
export function createDisruptor(lines: Lines): {
  readonly isBusy: boolean;
  strike(wire: WireName, random: Random): Promise<void>;
  settled(): Promise<void>;
} {
  const { proxies, journal, only } = lines;
  const possible = disruptions.filter(({ name }) => only?.includes(name) ?? true);
  let running: Promise<void> | undefined;
  const strike = async (wire: WireName, random: Random): Promise<void> => {
    const proxy = proxies.get(wire);
    if (proxy === undefined) {
      return;
    }
    const { name, run, everywhere } = pickWeighted(random, possible);
    const trouble = journal.trouble(name, everywhere ? "all" : wire);
    journal.hit(name);
    try {
      await run(proxy, random, lines, wire);
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
