import { setTimeout as sleep } from "node:timers/promises";
import type { IdpClient } from "zitadel-idp";
import type { Random } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";
import { type ClientCounts, clientFor, type MakeClient, rightClient } from "./clients.js";
import { createDisruptor } from "./disruptions.js";
import { audit, createEstate } from "./estate.js";
import { createJournal } from "./journal.js";
import { watchProcess } from "./process-watch.js";
import { createProxy, type Proxy } from "./proxy.js";
import { createRecorder } from "./recorder.js";
import { randomOf } from "./seeded.js";
import { createCampaignServer } from "./server.js";
import type { Summary } from "./summary.js";
import { work } from "./worker.js";
import { createWorkers, worldOf } from "./world.js";

export interface CampaignOptions {
  /** The same seed plans the same operations, limits and faults. When each of them comes is up to the machine. */
  readonly seed: number;
  /** How many operations there are in all. */
  readonly operations: number;
  readonly protocols?: readonly WireName[];
  /** How many work at the same time on each wire. Default: 8. */
  readonly workersPerWire?: number;
  /** Makes the client under test. */
  readonly makeClient?: MakeClient;
  readonly onProgress?: (done: number, of: number) => void;
}

/** After so many operations of each worker the clients are closed, and there are new ones. */
const roundLength = 25;

/** About so many operations lie between two disruptions. */
const disruptionEvery = 40;

const lagMs = 60;

/**
 * Runs random operations against the emulator while requests, connections, tokens and the server itself go wrong, and
 * compares what callers were told with what the server did.
 */
export async function runCampaign({
  seed,
  operations,
  protocols = wireNames,
  workersPerWire = 8,
  makeClient = rightClient,
  onProgress,
}: CampaignOptions): Promise<Summary> {
  const startedMs = performance.now();
  const watch = watchProcess();
  const journal = createJournal();
  const recorder = createRecorder();
  const counts: ClientCounts = { retries: 0, alreadyDone: 0 };
  const workers = createWorkers(protocols, workersPerWire);
  const server = await createCampaignServer({ seed, world: worldOf(workers), lagMs, journal });
  const proxies = new Map<WireName, Proxy>();
  for (const wire of protocols) {
    proxies.set(wire, await createProxy(server.port));
  }
  const disruptor = createDisruptor({ proxies, server, journal });
  const estates = workers.map((spec) => createEstate(spec, server.state));
  const perWorker = Math.ceil(operations / workers.length);
  const total = perWorker * workers.length;

  const disturb = (wire: WireName, random: Random): void => {
    if (random.chance(1 / disruptionEvery) && !disruptor.isBusy) {
      // Goes on beside the operations that it is to disturb.
      disruptor.strike(wire, random).catch((error: unknown) => {
        recorder.violation("unhandled", `a disruption failed: ${String(error)}`);
      });
    }
  };
  for (let first = 0; first < perWorker; first += roundLength) {
    const last = Math.min(first + roundLength, perWorker);
    journal.connectionsAreShared = (first / roundLength) % 2 === 0;
    const open = (wire: WireName, name: string): IdpClient => {
      const { port } = proxies.get(wire) as Proxy;
      const random = randomOf(seed, "client", name, first);
      return clientFor(makeClient, wire, port, server, random, counts);
    };
    const shared = new Map<WireName, IdpClient>();
    for (const wire of journal.connectionsAreShared ? protocols : []) {
      shared.set(wire, open(wire, wire));
    }
    await Promise.all(
      estates.map(async (estate) => {
        const { wire, name, orgId } = estate.spec;
        const proxy = proxies.get(wire) as Proxy;
        const own = shared.get(wire) ?? open(wire, name);
        const client = own.withOrg(orgId);
        const place = { seed, client, estate, journal, proxy, recorder, watch, lagMs };
        for (let index = first; index < last; index++) {
          disturb(wire, randomOf(seed, "disruption", name, index));
          await work(place, index);
          onProgress?.(recorder.done, total);
        }
        if (!shared.has(wire)) {
          await own.close();
        }
      }),
    );
    await Promise.all([...shared.values()].map((client) => client.close()));
    await disruptor.settled();
  }

  for (const problem of audit(estates, server.state)) {
    recorder.violation("audit", problem);
  }
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  await server.close();
  // A rejection that nobody handles is told a turn later.
  await sleep(10);
  for (const [kind, problem] of await watch.end()) {
    recorder.violation(kind, problem);
  }
  return {
    seed,
    operations: total,
    durationMs: performance.now() - startedMs,
    rpcs: recorder.rpcs.size,
    wires: recorder.wires,
    faults: Object.fromEntries([...journal.hits].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    ...counts,
    repeatedWrites: recorder.repeatedWrites,
    resolved: recorder.resolvedCreates,
    unknownDone: recorder.unknownDone,
    unknownNotDone: recorder.unknownNotDone,
    worstOverrunMs: recorder.worstOverrunMs,
    worstBlockMs: watch.worstBlockMs,
    violations: recorder.found,
    examples: recorder.examples,
  };
}
