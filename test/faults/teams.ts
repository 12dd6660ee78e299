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
  type StateStore,
} from "zitadel-idp/providers";
import { createStateFileStore } from "../../src/cli/documents/state-file-store.js";
import type { Random } from "../support/random-message.js";
import { checkRound, newTwins, storedProviders } from "./apply-check.js";
import {
  type ApplyInProcess,
  applyInProcess,
  applyInProcessOfItsOwn,
  failedRun,
  type RunReport,
} from "./apply-run.js";
import { sidePrefix } from "./journal.js";
import { randomOf } from "./seeded.js";
import { operationHeader } from "./server.js";
import type { Side } from "./side.js";
import { untilDone } from "./until-done.js";
import { changeEntries, desiredProviders, type Entry, type Memory } from "./team.js";
import { createMemoryStore } from "../support/memory-store.js";

/** The figures of all rounds. */
export interface TeamFigures {
  rounds: number;
  runs: number;
  ok: number;
  /** Runs in which an action failed. */
  unfinished: number;
  /** Runs that failed as a whole, such as those that met another run. */
  refused: number;
  killed: number;
  processes: number;
  /** Rounds with two runs at once. */
  atOnce: number;
  fileRenames: number;
  serverRenames: number;
  /** Providers that were made twice, all of them reported. */
  twins: number;
}

export const noTeamFigures = (): TeamFigures => ({
  rounds: 0,
  runs: 0,
  ok: 0,
  unfinished: 0,
  refused: 0,
  killed: 0,
  processes: 0,
  atOnce: 0,
  fileRenames: 0,
  serverRenames: 0,
  twins: 0,
});

const memories: readonly Memory[] = ["state", "none", "process"];
const secret = "team-secret";
const stateKey = "a key of sixteen characters or more";

/** A team: one owner of providers, whose runs of `apply` may come at the same time. */
export interface Team {
  readonly orgId: string;
  readonly number: number;
  readonly rounds: number;
  readonly applyInProcess?: ApplyInProcess | undefined;
}

/** Lets a team change what it wants, apply it under faults, and have everything checked, round by round. */
export async function workInTeam(team: Team, side: Side, figures: TeamFigures): Promise<void> {
  const { orgId, number, rounds } = team;
  const memory = memories[number % memories.length] as Memory;
  const folder = await mkdtemp(join(tmpdir(), "zitadel-idp-team-"));
  const { server } = side;
  const clean = createIdpClient({
    baseUrl: `http://localhost:${server.port}`,
    auth: server.cleanToken,
    protocol: "json",
    timeoutMs: 10_000,
  });
  const place: Place = {
    ...team,
    side,
    figures,
    memory,
    clean: clean.withOrg(orgId),
    file: join(folder, "providers.json"),
    store:
      memory === "process" ? createStateFileStore(join(folder, "state.json")) : createMemoryStore(),
    state: join(folder, "state.json"),
  };
  const entries: Entry[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      await workOneRound(place, entries, round);
    }
  } finally {
    await clean.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Place extends Team {
  readonly side: Side;
  readonly figures: TeamFigures;
  readonly memory: Memory;
  /** A client in whose way nothing comes. */
  readonly clean: IdpClient;
  readonly file: string;
  readonly state: string;
  readonly store: StateStore;
}

async function workOneRound(place: Place, entries: Entry[], round: number): Promise<void> {
  const { side, figures, memory, clean, orgId, number } = place;
  const { server, journal, recorder, seed, lagMs } = side;
  const owner = server.state.organizations.get(orgId);
  if (owner === undefined) {
    throw new Error(`no organization ${orgId}`);
  }
  const random = randomOf(seed, "team", number, round);
  const { serverRenames, fileRenames } = changeEntries(random, entries, memory, round);
  for (const { id, name } of serverRenames) {
    await untilDone(() => createProviders(clean, { owner: "org" }).update(id, { name }));
  }
  await sleep(lagMs + 100);
  const file = { organization: desiredProviders(entries, { secret: "${SECRET}" }) };
  await writeFile(place.file, JSON.stringify(file));
  const before = new Set(owner.providers.keys());
  const count = random.chance(0.6) ? 2 : 1;
  const name = (run: number): string => `${sidePrefix}apply-${number}-${round}-${run}`;
  const reports = await Promise.all(
    Array.from({ length: count }, async (_, run) => {
      await sleep(run * random.integer(300));
      const work = applyOnce(place, entries, name(run), randomOf(seed, "run", name(run)));
      return await side.inTime(work, name(run)).catch((error: unknown): RunReport => {
        recorder.violation("unhandled", String(error));
        return failedRun(name(run), error);
      });
    }),
  );
  await side.rest(reports.map(({ operation }) => operation));

  figures.rounds++;
  figures.runs += count;
  figures.atOnce += count > 1 ? 1 : 0;
  figures.fileRenames += fileRenames;
  figures.serverRenames += serverRenames.length;
  for (const { ok, thrown, isKilled } of reports) {
    figures[isKilled ? "killed" : thrown !== undefined ? "refused" : ok ? "ok" : "unfinished"]++;
  }
  const writes = (operation: string): number =>
    journal.of(operation).filter(({ events }) => events > 0).length;
  for (const [kind, problem] of checkRound({ entries, reports, owner, before, writes })) {
    recorder.violation(
      kind,
      `team ${number} (${memory}), round ${round}: ${problem}; ${described(reports)}`,
    );
  }
  await removeTwins(place, entries, before);
  await converge(
    place,
    entries,
    `team ${number} (${memory}), round ${round}; ${described(reports)}`,
  );
}

function described(reports: readonly RunReport[]): string {
  return reports
    .map(({ ok, thrown, isKilled, actions, duplicates }) =>
      isKilled
        ? "killed"
        : (thrown?.text ??
          `${ok ? "ok" : "not ok"}: ${actions.map(({ status, kind, name }) => `${status} ${kind} ${name}`).join(", ")}; ${duplicates.length} duplicates`),
    )
    .join(" | ");
}

async function applyOnce(
  place: Place,
  entries: readonly Entry[],
  operation: string,
  random: Random,
): Promise<RunReport> {
  const { side, memory, orgId, figures, file, state, store } = place;
  const wire = random.pick(side.wires);
  const baseUrl = `http://localhost:${side.portOf(wire)}`;
  const auth = side.server.tokenFor(operation);
  side.disturb(wire, random);
  if (memory !== "process") {
    const client = createIdpClient({
      baseUrl,
      auth,
      protocol: wire,
      headers: { [operationHeader]: operation },
      timeoutMs: 3000,
      retry: { initialPauseMs: 20, maxPauseMs: 200, maxRetryAfterMs: 2000 },
    });
    const desired = { organization: desiredProviders(entries, { secret }) };
    const options = memory === "none" ? {} : { state: { store, key: stateKey } };
    const run = place.applyInProcess ?? applyInProcess;
    const report = await run(client.withOrg(orgId), desired, options, operation);
    await client.close();
    return report;
  }
  figures.processes++;
  return await applyInProcessOfItsOwn(
    {
      args: [
        file,
        "--timeout",
        "3",
        `--org=${orgId}`,
        `--protocol=${wire}`,
        `--state=${state}`,
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

/** Deletes providers that were made twice, as the reports ask of their reader. Keeps what the team knows, or else the oldest. */
async function removeTwins(
  { clean, figures, orgId, side }: Place,
  entries: readonly Entry[],
  before: ReadonlySet<string>,
): Promise<void> {
  const owner = side.server.state.organizations.get(orgId);
  for (const entry of owner === undefined ? [] : entries) {
    const twins = newTwins({ before }, entry, owner === undefined ? [] : storedProviders(owner));
    const kept = entry.id ?? twins.map(({ id }) => id).toSorted()[0];
    for (const { id } of twins.filter((each) => each.id !== kept)) {
      figures.twins++;
      await untilDone(() => clean.management.deleteProvider({ id }));
    }
  }
}

/** Applies once more with nothing in the way: all that was wanted must be there then, under the ids that were known. */
async function converge(place: Place, entries: Entry[], about: string): Promise<void> {
  const { side, memory, clean, store, orgId } = place;
  const options = memory === "none" ? {} : { state: { store, key: stateKey } };
  const desired: DesiredState = {
    organization: desiredProviders(entries, { secret, pinAll: true }),
  };
  let problem = "";
  for (let attempt = 0; attempt < 4; attempt++) {
    await sleep(side.lagMs + 100);
    try {
      const planned = await plan(clean, desired, options);
      const { ok, results } = await apply(clean, planned, desired, options);
      problem = ok ? "" : results.map(({ error }) => String(error)).join();
    } catch (error) {
      problem = String(error);
    }
    if (problem === "") {
      break;
    }
  }
  const { recorder, server } = side;
  if (problem !== "") {
    recorder.violation("lost", `a last apply cannot complete it: ${problem}; ${about}`);
  }
  const owner = server.state.organizations.get(orgId);
  const stored = owner === undefined ? [] : storedProviders(owner);
  for (const entry of entries.splice(0)) {
    const same = stored.filter(
      ({ type, name, clientId }) =>
        type === entry.type && name === entry.name && clientId === entry.clientId,
    );
    const [only] = same;
    if (entry.isAbsent) {
      continue;
    }
    if (only === undefined || same.length > 1) {
      recorder.violation("lost", `${same.length} of ${entry.name} in the end; ${about}`);
    } else if (entry.id !== undefined && entry.id !== only.id) {
      recorder.violation("lost", `${entry.name} was ${entry.id} and is ${only.id} now; ${about}`);
    }
    if (only !== undefined) {
      entries.push({ ...entry, id: only.id, isPinned: false });
    }
  }
  const extra = stored.filter(({ id }) => !entries.some((entry) => entry.id === id));
  if (extra.length > 0) {
    recorder.violation("audit", `${extra.map(({ name }) => name).join()} is nobody's; ${about}`);
    for (const { id } of extra) {
      await untilDone(() => clean.management.deleteProvider({ id }));
    }
  }
}
