import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";
import {
  type BackgroundFigures,
  type BackgroundOptions,
  countBackgroundOrganizations,
  planBackgroundWork,
  runBackgroundWork,
} from "./background-work.js";
import {
  type ClientActivity,
  correctClient,
  createCampaignClient,
  createClientActivity,
  type MakeClient,
} from "./campaign-client.js";
import { createDisruptor, type Disruptor } from "./disruptions.js";
import { createExpectedState, type ExpectedState, findStateMismatches } from "./expected-state.js";
import { createJournal, type Journal } from "./journal.js";
import { type ProcessWatch, watchProcess } from "./process-watch.js";
import {
  createDisruptiveProxy,
  type DisruptiveProxy,
  waitUntilAllFlushed,
} from "./disruptive-proxy.js";
import { createRecorder, describeRequest, type Recorder } from "./recorder.js";
import { type ClientPool, type ClientSlot, createClientPool } from "./client-pool.js";
import { createSeededRandom } from "./seeded-random.js";
import { type CampaignServer, createCampaignServer } from "./campaign-server.js";
import type { Summary } from "./summary.js";
import { createBackgroundContext } from "./background-context.js";
import { startTlsTerminator, type TlsTerminator, trustAnyCertificate } from "./tls-terminator.js";
import { findLateViolations } from "./find-violations.js";
import { runOperation } from "./worker.js";
import { createBackgroundIds, createEmulatorSeed, createWorkerSpecs } from "./emulator-seed.js";

export interface CampaignOptions {
  /** The random seed. The same seed plans the same operations, timeouts and faults; their order in time depends on the machine. */
  readonly seed: number;
  /** The total number of operations. */
  readonly operations: number;
  readonly protocols?: readonly WireName[];
  /** The number of concurrent workers on each wire protocol. Default: 8. */
  readonly workersPerWire?: number;
  /** Creates the client under test. */
  readonly makeClient?: MakeClient;
  /** The number of operations of each worker after which all clients are closed and replaced. Default: 25. */
  readonly roundLength?: number;
  /** The names of the disruptions to choose from. Default: all. */
  readonly disruptions?: readonly string[];
  /** The average number of operations between two disruptions. Default: 40. */
  readonly disruptionEvery?: number;
  /** The share of rounds over TLS. Default: 0.35. */
  readonly tlsShare?: number;
  /** The amount of background work. Default: about 4 % of the operations with the correct client, and none with others. */
  readonly background?: BackgroundOptions | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

const lagMs = 60;

/**
 * Runs random operations against the emulator while faults and disruptions affect requests, connections, tokens and the server.
 * Compares the outcomes that the client reports with the requests that the server carried out.
 *
 * 1. `startCampaign` starts the emulator, and a proxy in front of it for each wire protocol.
 * 2. `runRound` lets all workers run their operations with new clients; `worker.ts` runs and checks one operation.
 * 3. `runBackgroundWork` runs `apply`, lost creates and deleted packages at the same time.
 * 4. `checkEnd` compares the final store and all late requests with the reported outcomes.
 */
export async function runCampaign(options: CampaignOptions): Promise<Summary> {
  const { seed, operations, makeClient = correctClient, roundLength = 25, onProgress } = options;
  const { background = makeClient === correctClient ? planBackgroundWork(operations) : undefined } =
    options;
  const startedMs = performance.now();
  const watch = watchProcess();
  const restoreCertificateChecks = trustAnyCertificate();
  const backgroundIds = createBackgroundIds(
    background === undefined ? 0 : countBackgroundOrganizations(background),
  );
  const campaign = await startCampaign({ ...options, makeClient }, watch, backgroundIds);
  const { states, journal, recorder, server } = campaign;
  const context = await createBackgroundContext({ seed, lagMs, server, journal, recorder });
  const backgroundWork = background && runBackgroundWork(background, backgroundIds, context);
  backgroundWork?.catch(() => undefined);

  const perWorker = Math.ceil(operations / states.length);
  const total = perWorker * states.length;
  for (let first = 0; first < perWorker; first += roundLength) {
    const last = Math.min(first + roundLength, perWorker);
    await runRound(campaign, { first, last, isShared: (first / roundLength) % 2 === 0 }, () =>
      onProgress?.(recorder.done, total),
    );
  }
  const backgroundFigures = await backgroundWork?.catch((error: unknown) => {
    recorder.addViolation("unhandledError", `background work failed: ${String(error)}`);
    return undefined;
  });
  await context.close();
  await checkEnd(campaign);
  await closeCampaign(campaign);
  restoreCertificateChecks();
  // Node.js reports an unhandled rejection one turn of the event loop later.
  await sleep(10);
  for (const [violation, problem] of await watch.findLeftovers()) {
    recorder.addViolation(violation, problem);
  }
  return createSummary(campaign, {
    total,
    durationMs: performance.now() - startedMs,
    background: backgroundFigures,
  });
}

/** The running parts of a campaign. */
interface Campaign {
  readonly options: CampaignOptions & { readonly makeClient: MakeClient };
  readonly watch: ProcessWatch;
  readonly journal: Journal;
  readonly recorder: Recorder;
  readonly activity: ClientActivity;
  readonly pool: ClientPool;
  readonly server: CampaignServer;
  readonly terminator: TlsTerminator;
  readonly proxies: ReadonlyMap<WireName, DisruptiveProxy>;
  readonly disruptor: Disruptor;
  /** The expected state of each worker. */
  readonly states: readonly ExpectedState[];
}

async function startCampaign(
  options: Campaign["options"],
  watch: ProcessWatch,
  backgroundIds: readonly string[],
): Promise<Campaign> {
  const { seed, protocols = wireNames, workersPerWire = 8, disruptions: only } = options;
  const journal = createJournal();
  const pool = createClientPool();
  const workers = createWorkerSpecs(protocols, workersPerWire);
  const emulatorSeed = createEmulatorSeed(workers, backgroundIds);
  const server = await createCampaignServer({ seed, emulatorSeed, lagMs, journal });
  const terminator = await startTlsTerminator(server.port);
  const proxies = new Map<WireName, DisruptiveProxy>();
  for (const wire of protocols) {
    const proxy = await createDisruptiveProxy(() => {
      const { isTls } = journal;
      return { port: isTls ? terminator.port : server.port, isTls };
    });
    proxies.set(wire, proxy);
  }
  const { forceClose } = pool;
  return {
    options,
    watch,
    journal,
    recorder: createRecorder(),
    activity: createClientActivity(),
    pool,
    server,
    terminator,
    proxies,
    disruptor: createDisruptor({ proxies, server, journal, forceClose, only }),
    states: workers.map((spec) => createExpectedState(spec, server.state)),
  };
}

/** The operations of one round. All of its clients are new. */
interface CampaignRound {
  /** The index of each worker's first operation. */
  readonly first: number;
  /** The index after each worker's last operation. */
  readonly last: number;
  /** True if all workers of a wire protocol share one client. */
  readonly isShared: boolean;
}

async function runRound(
  campaign: Campaign,
  { first, last, isShared }: CampaignRound,
  onOperation: () => void,
): Promise<void> {
  const { options, journal, recorder, watch, pool, proxies, disruptor, states } = campaign;
  const { seed, tlsShare = 0.35, protocols = wireNames } = options;
  journal.connectionsAreShared = isShared;
  journal.isTls = createSeededRandom(seed, "round", first).chance(tlsShare);
  pool.clear();
  const sharedSlots = new Map<WireName, ClientSlot>();
  for (const wire of isShared ? protocols : []) {
    sharedSlots.set(wire, addClientSlot(campaign, wire, wire, first));
  }
  await Promise.all(
    states.map(async (expected) => {
      const { wire, name, orgId } = expected.spec;
      const proxy = proxies.get(wire) as DisruptiveProxy;
      const slot = sharedSlots.get(wire) ?? addClientSlot(campaign, wire, name, first);
      for (let index = first; index < last; index++) {
        disruptSometimes(campaign, wire, createSeededRandom(seed, "disruption", name, index));
        const pooled = slot.current;
        const client = pooled.client.withOrg(orgId);
        await runOperation(
          { seed, pooled, client, expected, journal, proxy, recorder, watch, lagMs },
          index,
        );
        onOperation();
      }
    }),
  );
  await disruptor.waitUntilDone();
  await pool.closeAll();
}

/** Adds a slot to the pool for a client that connects to the proxy of a wire protocol. */
function addClientSlot(
  { options, journal, pool, proxies, server, activity }: Campaign,
  wire: WireName,
  name: string,
  first: number,
): ClientSlot {
  return pool.addSlot(wire, (generation) => {
    const { port } = proxies.get(wire) as DisruptiveProxy;
    const random = createSeededRandom(options.seed, "client", name, first, generation);
    const { isTls, connectionsAreShared: isShared } = journal;
    const address = { wire, port, isTls, isShared };
    return createCampaignClient(options.makeClient, address, server, random, activity);
  });
}

/** Starts a disruption with the probability of the options. Does not wait for its end, so that it affects the operations. */
function disruptSometimes(
  { options, disruptor, recorder }: Campaign,
  wire: WireName,
  random: Random,
): void {
  const { disruptionEvery = 40 } = options;
  if (random.chance(1 / disruptionEvery) && !disruptor.isBusy) {
    disruptor.inject(wire, random).catch((error: unknown) => {
      recorder.addViolation("unhandledError", `a disruption failed: ${String(error)}`);
    });
  }
}

/** Checks at the end of a campaign that no request came after the end of its call, and that the store is as expected. */
async function checkEnd(campaign: Campaign): Promise<void> {
  const { activity, proxies, journal, recorder, states, server } = campaign;
  await Promise.all(activity.delays);
  await waitUntilAllFlushed(proxies);
  for (const write of recorder.checkedWrites) {
    const requests = journal.of(write.name);
    for (const violation of findLateViolations(write, requests)) {
      const described = requests.map((each) => describeRequest(each, write.endedMs)).join(" ");
      recorder.addViolation(
        violation,
        `${write.name} ${write.rpc}, late: reported ${write.text}; ${described}`,
      );
    }
  }
  for (const problem of findStateMismatches(states, server.state)) {
    recorder.addViolation("stateMismatch", problem);
  }
}

async function closeCampaign({ proxies, terminator, server }: Campaign): Promise<void> {
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  await terminator.close();
  await server.close();
}

function createSummary(
  { options, recorder, journal, activity, pool, watch }: Campaign,
  given: {
    readonly total: number;
    readonly durationMs: number;
    readonly background: BackgroundFigures | undefined;
  },
): Summary {
  const { total, durationMs, background } = given;
  const counts = [...journal.injectedCounts];
  return {
    seed: options.seed,
    operations:
      total + (background?.applies.runs ?? 0) + (background?.deletedPackages.operations ?? 0),
    durationMs,
    rpcs: recorder.rpcs.size,
    wires: recorder.wires,
    faults: Object.fromEntries(counts.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    ...activity.counts,
    applies: background?.applies,
    deletedPackages: background?.deletedPackages,
    lostCreates: background?.lostCreates,
    forcedCloses: pool.forcedCloses,
    overTls: recorder.overTls,
    unsent: recorder.unsent,
    repeatedWrites: recorder.repeatedWrites,
    resolved: recorder.resolvedCreates,
    unknownDone: recorder.unknownDone,
    unknownNotDone: recorder.unknownNotDone,
    worstOverrunMs: recorder.worstOverrunMs,
    worstBlockMs: watch.worstBlockMs,
    violations: recorder.violations,
    examples: recorder.examples,
  };
}
