import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import { backgroundPrefix, type RecordedRequest } from "./journal.js";
import { hidesOutcome } from "./call-faults.js";
import { describeRequest } from "./recorder.js";
import { createSeededRandom } from "./seeded-random.js";
import { operationHeader } from "./campaign-server.js";
import type { BackgroundContext } from "./background-context.js";
import type { Violation } from "./find-violations.js";

/** The figures of the processes whose package is deleted. */
export interface DeletedPackageFigures {
  processes: number;
  operations: number;
  success: number;
  notDone: number;
  unknown: number;
  /** Calls of unknown outcome that the server carried out. */
  unknownDone: number;
}

export const createDeletedPackageFigures = (): DeletedPackageFigures => ({
  processes: 0,
  operations: 0,
  success: 0,
  notDone: 0,
  unknown: 0,
  unknownDone: 0,
});

/** A process that calls while files of its package are deleted. */
export interface DeletedPackageTask {
  readonly orgId: string;
  readonly number: number;
  readonly operations: number;
  /** The outcome that replaces the reported outcome of all failures, as if the package were wrong. */
  readonly reportFailuresAs?: "not_done" | undefined;
}

/** The patterns of the files that are deleted. */
const patterns: readonly string[] = [
  String.raw`\.c?js$`,
  String.raw`(?:^|/)(?:errors|json-failure|grpc-failure)-[\w-]+\.cjs$`,
  String.raw`-\w*[a-mA-M]\.cjs$`,
  String.raw`(?:transport|auth)`,
];

/** The program of the process. It loads only its copy of the package, and prints one line of JSON for each call. */
const program = `
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
const task = JSON.parse(process.argv[1]);
const { createIdpClient, isOutcomeUnknown } = await import(join(task.folder, "dist/node/index.js"));
const { protocol, baseUrl, auth, orgId } = task;
const retry = { initialPauseMs: 20, maxPauseMs: 200 };
const client = createIdpClient({ protocol, baseUrl, auth, orgId, timeoutMs: 1500, retry });
const ids = [];
let next = 0;
const deleteFiles = () => {
  for (const name of readdirSync(task.folder, { recursive: true })) {
    if (new RegExp(task.pattern).test(name)) rmSync(join(task.folder, name), { recursive: true, force: true });
  }
};
const work = async () => {
  while (next < task.operations) {
    const index = next++;
    if (index === task.deleteAt) setTimeout(deleteFiles, task.deleteAfterMs);
    const name = task.prefix + "-" + index;
    const id = index % 3 === 2 ? ids.pop() : undefined;
    const options = { headers: { [task.header]: name } };
    const settings = { name, clientId: "c-" + name, clientSecret: "planted-secret" };
    const record = { name, isAdd: id === undefined };
    try {
      if (id === undefined) {
        ids.push((await client.management.addGoogleProvider(settings, options)).id);
      } else {
        await client.management.updateGoogleProvider({ ...settings, id }, options);
      }
      console.log(JSON.stringify({ ...record, success: true }));
    } catch (error) {
      console.log(JSON.stringify({
        ...record, success: false, isUnknown: isOutcomeUnknown(error), outcome: error.outcome, message: error.message,
      }));
    }
  }
};
await Promise.all([work(), work(), work()]);
await client.close();
`;

/** The line that the program prints for one call. */
interface CallReport {
  readonly name: string;
  readonly isAdd: boolean;
  readonly success: boolean;
  readonly isUnknown?: boolean;
  readonly outcome?: string;
  readonly message?: string;
}

/** Returns an array that gets the name of each provider that is created in an organization. Later updates change the stored names. */
function watchAdds(owner: StoredOwner | undefined): string[] {
  const names: string[] = [];
  if (owner !== undefined) {
    const { providers } = owner;
    const set = providers.set.bind(providers);
    providers.set = (id, stored) => {
      names.push(stored.view.name);
      return set(id, stored);
    };
  }
  return names;
}

/** Runs a process over disrupted connections while its package is deleted, and compares its reports with the store. */
export async function runDeletedPackage(
  task: DeletedPackageTask,
  background: BackgroundContext,
  figures: DeletedPackageFigures,
): Promise<void> {
  const { orgId, number, operations, reportFailuresAs: outcome } = task;
  const { seed, server, recorder } = background;
  const random = createSeededRandom(seed, "deleted package", number);
  const protocol = random.pick(background.wires);
  const addedNames = watchAdds(server.state.organizations.get(orgId));
  const output = await runProgram(task, protocol, random, background);
  const reports = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as CallReport)
    .map((report) =>
      outcome === undefined || report.success ? report : { ...report, outcome, isUnknown: false },
    );
  await background.waitUntilIdle(reports.map(({ name }) => name));
  figures.processes++;
  figures.operations += reports.length;
  if (reports.length !== operations) {
    const text = `process ${number} reported ${reports.length} of ${operations} calls`;
    recorder.addViolation("unhandledError", text);
  }
  for (const report of reports) {
    const requests = background.journal.of(report.name);
    const effects = findEffects(report, requests, addedNames, protocol);
    countCall(figures, report, effects);
    for (const violation of findCallViolations(report, effects)) {
      const described = requests.map((each) => describeRequest(each, each.startedMs)).join(" ");
      recorder.addViolation(
        violation,
        `${report.name} over ${protocol}: ${JSON.stringify(report)}; requests: ${described}`,
      );
    }
  }
}

/** Runs the program with a copy of the package. Returns its output. */
async function runProgram(
  { orgId, number, operations }: DeletedPackageTask,
  protocol: WireName,
  random: Random,
  background: BackgroundContext,
): Promise<string> {
  // The copy is within node_modules, so that the program finds its dependencies.
  const folder = await mkdtemp(join("node_modules", ".deleted-package-"));
  try {
    for (const path of ["package.json", "dist/node", "dist/cjs"]) {
      await cp(path, join(folder, path), { recursive: true });
    }
    background.disruptSometimes(protocol, random);
    const prefix = `${backgroundPrefix}deleted-package-${number}`;
    const settings = {
      folder: join(process.cwd(), folder),
      protocol,
      baseUrl: `http://localhost:${background.portOf(protocol)}`,
      auth: background.server.createTokenFor(prefix),
      orgId,
      header: operationHeader,
      prefix,
      operations,
      pattern: random.pick(patterns),
      deleteAt: random.chance(0.1) ? 0 : 4 + random.integer(Math.ceil(operations / 2)),
      deleteAfterMs: random.integer(60),
    };
    const args = ["--input-type=module", "--eval", program, "--", JSON.stringify(settings)];
    const run = promisify(execFile)(process.execPath, args);
    const name = `${prefix} over ${protocol}, ${settings.pattern}`;
    return (await background.failIfHanging(run, name)).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The effects of a call on the server. */
interface CallEffects {
  /** The number of requests that changed the store. */
  readonly writes: number;
  /** The number of providers that the call created. */
  readonly createdCount: number;
  /** True if a fault hid the outcome. */
  readonly isHidden: boolean;
}

function findEffects(
  { name }: CallReport,
  requests: readonly RecordedRequest[],
  addedNames: readonly string[],
  protocol: WireName,
): CallEffects {
  return {
    writes: requests.filter(({ events }) => events > 0).length,
    createdCount: addedNames.filter((added) => added === name).length,
    isHidden: requests.some(({ fault }) => fault && hidesOutcome(fault.kind, protocol) === true),
  };
}

function countCall(
  figures: DeletedPackageFigures,
  { success, isUnknown }: CallReport,
  { writes }: CallEffects,
): void {
  if (success) {
    figures.success++;
  } else if (isUnknown) {
    figures.unknown++;
    figures.unknownDone += writes > 0 ? 1 : 0;
  } else {
    figures.notDone++;
  }
}

function findCallViolations(
  { success, isAdd, isUnknown, outcome }: CallReport,
  { writes, createdCount, isHidden }: CallEffects,
): Violation[] {
  const isCertain = !success && isUnknown !== true;
  const found: Partial<Record<Violation, boolean>> = {
    lost: success && (writes === 0 || (isAdd && createdCount === 0)),
    duplicate: isAdd && (createdCount > 1 || writes > 1),
    wrongNotDone: isCertain && (writes > 0 || (isAdd && createdCount > 0)),
    uncertainNotDone: isCertain && isHidden,
    // The error of a call that never began may have no outcome.
    foreignError: !success && (outcome === "unknown") !== isUnknown,
  };
  return (Object.keys(found) as Violation[]).filter((each) => found[each]);
}
