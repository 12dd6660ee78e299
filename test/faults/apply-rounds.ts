import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type PlanOptions,
  type StateStore,
} from "zitadel-idp/providers";
import { createStateFileStore } from "../../src/cli/documents/state-file-store.js";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";
import type { Random } from "../support/random-message.js";
import {
  checkApplyRound,
  findNewDuplicates,
  type StoredSummary,
  summarizeStored,
} from "./check-apply-round.js";
import {
  createFailedReport,
  type RunApply,
  runApply,
  runApplyCommand,
  type RunReport,
} from "./run-apply.js";
import { backgroundPrefix } from "./journal.js";
import { createSeededRandom } from "./seeded-random.js";
import { operationHeader } from "./campaign-server.js";
import type { BackgroundContext } from "./background-context.js";
import { retryStep } from "./retry-step.js";
import {
  changeEntries,
  desiredProviders,
  type Entry,
  type Renames,
  type StateMode,
} from "./apply-entries.js";

/** The figures of all rounds of `apply`. */
export interface ApplyFigures {
  rounds: number;
  runs: number;
  ok: number;
  /** Runs in which an action failed. */
  incomplete: number;
  /** Runs that failed as a whole, such as those that conflicted with another run. */
  failed: number;
  killed: number;
  /** Runs of the command in a process. */
  processes: number;
  /** Rounds with two runs at the same time. */
  concurrentRounds: number;
  fileRenames: number;
  serverRenames: number;
  /** Providers that two runs created twice, and reported. */
  duplicates: number;
}

export const createApplyFigures = (): ApplyFigures => ({
  rounds: 0,
  runs: 0,
  ok: 0,
  incomplete: 0,
  failed: 0,
  killed: 0,
  processes: 0,
  concurrentRounds: 0,
  fileRenames: 0,
  serverRenames: 0,
  duplicates: 0,
});

const stateModes: readonly StateMode[] = ["memory", "none", "command"];
const secret = "apply-secret";
const stateKey = "a key of sixteen characters or more";

/** The rounds of `apply` for one organization, one after the other. A round has one run, or two at the same time. */
export interface ApplyTask {
  readonly orgId: string;
  readonly number: number;
  readonly rounds: number;
  /** The `plan` and `apply` under test. Default: `runApply`. */
  readonly runApply?: RunApply | undefined;
}

/** Changes the desired providers of an organization, applies them under faults, and checks the result, round by round. */
export async function runApplyRounds(
  task: ApplyTask,
  background: BackgroundContext,
  figures: ApplyFigures,
): Promise<void> {
  const { orgId, number, rounds } = task;
  const mode = stateModes[number % stateModes.length] as StateMode;
  const folder = await mkdtemp(join(tmpdir(), "zitadel-idp-apply-"));
  const stateFile = join(folder, "state.json");
  const { server } = background;
  const client = createIdpClient({
    baseUrl: `http://localhost:${server.port}`,
    auth: server.cleanToken,
    protocol: "json",
    timeoutMs: 10_000,
  });
  const context: ApplyContext = {
    ...task,
    background,
    figures,
    mode,
    cleanClient: client.withOrg(orgId),
    file: join(folder, "providers.json"),
    store: mode === "command" ? createStateFileStore(stateFile) : createMemoryStore(),
    stateFile,
  };
  const entries: Entry[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      await runRound(context, entries, round);
    }
  } finally {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The client, files and records that all rounds of an organization use. */
interface ApplyContext extends ApplyTask {
  readonly background: BackgroundContext;
  readonly figures: ApplyFigures;
  readonly mode: StateMode;
  /** A client without faults and disruptions. */
  readonly cleanClient: IdpClient;
  readonly file: string;
  readonly stateFile: string;
  readonly store: StateStore;
}

async function runRound(context: ApplyContext, entries: Entry[], round: number): Promise<void> {
  const { background, mode, cleanClient, number } = context;
  const { journal, recorder, seed, lagMs } = background;
  const random = createSeededRandom(seed, "apply", number, round);
  const renames = changeEntries(random, entries, mode, round);
  for (const { id, name } of renames.serverRenames) {
    await retryStep(() => createProviders(cleanClient, { owner: "org" }).update(id, { name }));
  }
  await sleep(lagMs + 100);
  const file = { organization: desiredProviders(entries, { secret: "${SECRET}" }) };
  await writeFile(context.file, JSON.stringify(file));
  const owner = findOwner(context);
  const idsBefore = new Set(owner.providers.keys());
  const reports = await runConcurrently(context, entries, random, `${number}-${round}`);
  await background.waitUntilIdle(reports.map(({ operation }) => operation));

  countRound(context.figures, renames, reports);
  const countWrites = (operation: string): number =>
    journal.of(operation).filter(({ events }) => events > 0).length;
  const place = `organization ${number} (state: ${mode}), round ${round}`;
  const described = reports.map(describeReport).join(" | ");
  for (const [violation, problem] of checkApplyRound({
    entries,
    reports,
    owner,
    idsBefore,
    countWrites,
  })) {
    recorder.addViolation(violation, `${place}: ${problem}; ${described}`);
  }
  await removeDuplicates(context, entries, idsBefore);
  await completeRound(context, entries, `${place}; ${described}`);
}

function findOwner({ background, orgId }: ApplyContext): StoredOwner {
  const owner = background.server.state.organizations.get(orgId);
  if (owner === undefined) {
    throw new Error(`the emulator's seed has no organization ${orgId}`);
  }
  return owner;
}

/** Runs `apply` once, or twice with the second run a little later. */
async function runConcurrently(
  context: ApplyContext,
  entries: readonly Entry[],
  random: Random,
  roundName: string,
): Promise<RunReport[]> {
  const { background } = context;
  const count = random.chance(0.6) ? 2 : 1;
  return await Promise.all(
    Array.from({ length: count }, async (_, run) => {
      await sleep(run * random.integer(300));
      const operation = `${backgroundPrefix}apply-${roundName}-${run}`;
      const runRandom = createSeededRandom(background.seed, "run", operation);
      const work = applyOnce(context, entries, operation, runRandom);
      return await background.failIfHanging(work, operation).catch((error: unknown): RunReport => {
        background.recorder.addViolation("unhandledError", String(error));
        return createFailedReport(operation, error);
      });
    }),
  );
}

function countRound(figures: ApplyFigures, renames: Renames, reports: readonly RunReport[]): void {
  figures.rounds++;
  figures.runs += reports.length;
  figures.concurrentRounds += reports.length > 1 ? 1 : 0;
  figures.fileRenames += renames.fileRenames;
  figures.serverRenames += renames.serverRenames.length;
  for (const { ok, thrown, isKilled } of reports) {
    figures[isKilled ? "killed" : thrown !== undefined ? "failed" : ok ? "ok" : "incomplete"]++;
  }
}

function describeReport({ ok, thrown, isKilled, actions, duplicates }: RunReport): string {
  if (isKilled) {
    return "killed";
  }
  const described = actions.map(({ status, kind, name }) => `${status} ${kind} ${name}`).join(", ");
  return thrown?.text ?? `${ok ? "ok" : "not ok"}: ${described}; ${duplicates.length} duplicates`;
}

async function applyOnce(
  context: ApplyContext,
  entries: readonly Entry[],
  operation: string,
  random: Random,
): Promise<RunReport> {
  const { background, mode, orgId, figures } = context;
  const wire = random.pick(background.wires);
  const baseUrl = `http://localhost:${background.portOf(wire)}`;
  const auth = background.server.createTokenFor(operation);
  background.disruptSometimes(wire, random);
  if (mode !== "command") {
    const client = createIdpClient({
      baseUrl,
      auth,
      protocol: wire,
      headers: { [operationHeader]: operation },
      timeoutMs: 3000,
      retry: { initialPauseMs: 20, maxPauseMs: 200, maxRetryAfterMs: 2000 },
    });
    const desired = { organization: desiredProviders(entries, { secret }) };
    const run = context.runApply ?? runApply;
    const report = await run(client.withOrg(orgId), desired, stateOptions(context), operation);
    await client.close();
    return report;
  }
  figures.processes++;
  return await runApplyCommand(
    {
      args: [
        context.file,
        "--timeout",
        "3",
        `--org=${orgId}`,
        `--protocol=${wire}`,
        `--state=${context.stateFile}`,
        `--lock-timeout=${random.pick(["0", "20"])}`,
      ],
      env: {
        ZITADEL_URL: baseUrl,
        ZITADEL_TOKEN: auth,
        SECRET: secret,
        ZITADEL_IDP_STATE_KEY: stateKey,
      },
      killAfterMs: random.chance(0.3) ? 300 + random.integer(900) : undefined,
    },
    operation,
  );
}

/** Returns the options of `plan` and `apply` for the state of the runs. */
function stateOptions({ mode, store }: ApplyContext): PlanOptions {
  return mode === "none" ? {} : { state: { store, key: stateKey } };
}

/** Deletes duplicates, as reports ask their reader to do. Keeps the provider whose id is known, or else the oldest. */
async function removeDuplicates(
  context: ApplyContext,
  entries: readonly Entry[],
  idsBefore: ReadonlySet<string>,
): Promise<void> {
  const { cleanClient, figures } = context;
  const owner = findOwner(context);
  for (const entry of entries) {
    const created = findNewDuplicates({ idsBefore }, entry, summarizeStored(owner));
    const keptId = entry.id ?? created.map(({ id }) => id).toSorted()[0];
    for (const { id } of created.filter((each) => each.id !== keptId)) {
      figures.duplicates++;
      await retryStep(() => cleanClient.management.deleteProvider({ id }));
    }
  }
}

/** Applies without faults, and checks that the store then has exactly the desired providers, under their known ids. */
async function completeRound(
  context: ApplyContext,
  entries: Entry[],
  place: string,
): Promise<void> {
  const { recorder } = context.background;
  const problem = await applyWithoutFaults(context, entries);
  if (problem !== undefined) {
    recorder.addViolation("lost", `an apply without faults fails: ${problem}; ${place}`);
  }
  const stored = summarizeStored(findOwner(context));
  const kept = entries
    .splice(0)
    .filter(({ isAbsent }) => !isAbsent)
    .flatMap((entry) => checkEntry(context, entry, stored, place));
  entries.push(...kept);
  const extra = stored.filter(({ id }) => !entries.some((entry) => entry.id === id));
  if (extra.length > 0) {
    const names = extra.map(({ name }) => name).join();
    recorder.addViolation("stateMismatch", `no entry expects ${names}; ${place}`);
    for (const { id } of extra) {
      await retryStep(() => context.cleanClient.management.deleteProvider({ id }));
    }
  }
}

/** Plans and applies with the clean client, up to four times. Returns the last problem. Returns undefined after a success. */
async function applyWithoutFaults(
  context: ApplyContext,
  entries: readonly Entry[],
): Promise<string | undefined> {
  const { background, cleanClient } = context;
  const options = stateOptions(context);
  const desired: DesiredState = {
    organization: desiredProviders(entries, { secret, pinAll: true }),
  };
  let problem: string | undefined;
  for (let attempt = 0; attempt < 4; attempt++) {
    await sleep(background.lagMs + 100);
    try {
      const planned = await plan(cleanClient, desired, options);
      const { ok, results } = await apply(cleanClient, planned, desired, options);
      if (ok) {
        return undefined;
      }
      problem = results.map(({ error }) => String(error)).join();
    } catch (error) {
      problem = String(error);
    }
  }
  return problem;
}

/** Checks that the store has an entry once, under its known id. Returns the entry with its id, or nothing if it is not stored. */
function checkEntry(
  { background: { recorder } }: ApplyContext,
  entry: Entry,
  stored: readonly StoredSummary[],
  place: string,
): Entry[] {
  const same = stored.filter(
    ({ type, name, clientId }) =>
      type === entry.type && name === entry.name && clientId === entry.clientId,
  );
  const [only] = same;
  if (only === undefined || same.length > 1) {
    recorder.addViolation("lost", `the store has ${entry.name} ${same.length} times; ${place}`);
  } else if (entry.id !== undefined && entry.id !== only.id) {
    recorder.addViolation(
      "lost",
      `the id of ${entry.name} changed from ${entry.id} to ${only.id}; ${place}`,
    );
  }
  return only === undefined ? [] : [{ ...entry, id: only.id, isPinned: false }];
}

function createMemoryStore(): StateStore {
  let text: string | undefined;
  return {
    read: () => Promise.resolve(text),
    write: (next) => {
      text = next;
      return Promise.resolve();
    },
  };
}
