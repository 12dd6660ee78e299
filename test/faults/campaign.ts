import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";
import { besideFor, type BesideOptions, countOrganizations, runBeside } from "./beside.js";
import { clientFor, createClientBooks, type MakeClient, rightClient } from "./clients.js";
import { createDisruptor } from "./disruptions.js";
import { audit, createEstate } from "./estate.js";
import { createJournal } from "./journal.js";
import { watchProcess } from "./process-watch.js";
import { createProxy, type Proxy, type Target } from "./proxy.js";
import { createRecorder, describeRequest } from "./recorder.js";
import { createSeats, type Seat } from "./seats.js";
import { randomOf } from "./seeded.js";
import { createCampaignServer } from "./server.js";
import type { Summary } from "./summary.js";
import { createSide } from "./side.js";
import { startTerminator, trustAnyCertificate } from "./terminator.js";
import { judgeLate } from "./verdict.js";
import { work } from "./worker.js";
import { createWorkers, sideOrganizations, worldOf } from "./world.js";

export interface CampaignOptions {
  /** The same seed plans the same operations, limits and faults. When each of them comes is up to the machine. */
  readonly seed: number;
  /** The number of operations in all. */
  readonly operations: number;
  readonly protocols?: readonly WireName[];
  /** The number of workers at the same time on each wire protocol. Default: 8. */
  readonly workersPerWire?: number;
  /** Makes the client under test. */
  readonly makeClient?: MakeClient;
  /** After so many operations of each worker the clients are closed, and there are new ones. Default: 25. */
  readonly roundLength?: number;
  /** The names of the disruptions to choose from. Default: all. */
  readonly disruptions?: readonly string[];
  /** About so many operations lie between two disruptions. Default: 40. */
  readonly disruptionEvery?: number;
  /** The share of rounds that go over TLS. Default: 0.35. */
  readonly tlsShare?: number;
  /** The amount of what goes on beside the workers. Default: about 4 % of the operations, for the right client. */
  readonly beside?: BesideOptions | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

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
  roundLength = 25,
  disruptions,
  disruptionEvery = 40,
  tlsShare = 0.35,
  beside = makeClient === rightClient ? besideFor(operations) : undefined,
  onProgress,
}: CampaignOptions): Promise<Summary> {
  const startedMs = performance.now();
  const watch = watchProcess();
  const journal = createJournal();
  const recorder = createRecorder();
  const books = createClientBooks();
  const seats = createSeats();
  const distrustCertificates = trustAnyCertificate();
  const workers = createWorkers(protocols, workersPerWire);
  const others = sideOrganizations(beside === undefined ? 0 : countOrganizations(beside));
  const world = worldOf(workers, others);
  const server = await createCampaignServer({ seed, world, lagMs, journal });
  const terminator = await startTerminator(server.port);
  const proxies = new Map<WireName, Proxy>();
  for (const wire of protocols) {
    const target = (): Target => {
      const { isTls } = journal;
      return { port: isTls ? terminator.port : server.port, isTls };
    };
    proxies.set(wire, await createProxy(target));
  }
  const { closeByForce } = seats;
  const disruptor = createDisruptor({ proxies, server, journal, closeByForce, only: disruptions });
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
  const side = await createSide({ seed, lagMs, server, journal, recorder });
  const besides = beside && runBeside(beside, others, side);
  besides?.catch(() => undefined);
  for (let first = 0; first < perWorker; first += roundLength) {
    const last = Math.min(first + roundLength, perWorker);
    journal.connectionsAreShared = (first / roundLength) % 2 === 0;
    journal.isTls = randomOf(seed, "round", first).chance(tlsShare);
    seats.begin();
    const open = (wire: WireName, name: string): Seat =>
      seats.add(wire, (generation) => {
        const { port } = proxies.get(wire) as Proxy;
        const random = randomOf(seed, "client", name, first, generation);
        const { isTls, connectionsAreShared: isShared } = journal;
        const address = { wire, port, isTls, isShared };
        return clientFor(makeClient, address, server, random, books);
      });
    const shared = new Map<WireName, Seat>();
    for (const wire of journal.connectionsAreShared ? protocols : []) {
      shared.set(wire, open(wire, wire));
    }
    await Promise.all(
      estates.map(async (estate) => {
        const { wire, name, orgId } = estate.spec;
        const proxy = proxies.get(wire) as Proxy;
        const seat = shared.get(wire) ?? open(wire, name);
        for (let index = first; index < last; index++) {
          disturb(wire, randomOf(seed, "disruption", name, index));
          const { line } = seat;
          const client = line.client.withOrg(orgId);
          await work({ seed, line, client, estate, journal, proxy, recorder, watch, lagMs }, index);
          onProgress?.(recorder.done, total);
        }
      }),
    );
    await disruptor.settled();
    await seats.end();
  }

  const besideFigures = await besides?.catch((error: unknown) => {
    recorder.violation("unhandled", `what went on beside the workers failed: ${String(error)}`);
    return undefined;
  });
  await side.close();

  // Nothing of a call that has ended may still be sent.
  await Promise.all(books.late);
  await Promise.all([...proxies.values()].map((proxy) => proxy.flushed()));
  for (const judged of recorder.judged) {
    const requests = journal.of(judged.name);
    for (const each of judgeLate(judged, requests)) {
      const seen = requests.map((request) => describeRequest(request, judged.endedMs)).join(" ");
      recorder.violation(each, `${judged.name} ${judged.rpc}, late: told ${judged.text}; ${seen}`);
    }
  }
  for (const problem of audit(estates, server.state)) {
    recorder.violation("audit", problem);
  }
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  await terminator.close();
  await server.close();
  distrustCertificates();
  // A rejection that nobody handles is told a turn later.
  await sleep(10);
  for (const [kind, problem] of await watch.end()) {
    recorder.violation(kind, problem);
  }
  return {
    seed,
    operations:
      total + (besideFigures?.teams.runs ?? 0) + (besideFigures?.vanishing.operations ?? 0),
    durationMs: performance.now() - startedMs,
    rpcs: recorder.rpcs.size,
    wires: recorder.wires,
    faults: Object.fromEntries([...journal.hits].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    ...books.counts,
    teams: besideFigures?.teams,
    vanishing: besideFigures?.vanishing,
    lostCreates: besideFigures?.lostCreates,
    forcedCloses: seats.forcedCloses,
    overTls: recorder.overTls,
    silenced: recorder.silenced,
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
