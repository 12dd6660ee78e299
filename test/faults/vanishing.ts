import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";
import { sidePrefix } from "./journal.js";
import { hidesOutcome } from "./planned-faults.js";
import { describeRequest } from "./recorder.js";
import { randomOf } from "./seeded.js";
import { operationHeader } from "./server.js";
import type { Side } from "./side.js";
import type { Violation } from "./verdict.js";

/** The figures of the processes whose package vanishes. */
export interface VanishingFigures {
  processes: number;
  operations: number;
  success: number;
  notDone: number;
  unknown: number;
  /** Failures of an outcome that is unknown, whose call had been carried out. */
  unknownDone: number;
}

export const noVanishingFigures = (): VanishingFigures => ({
  processes: 0,
  operations: 0,
  success: 0,
  notDone: 0,
  unknown: 0,
  unknownDone: 0,
});

/** A process that calls while files of the package are deleted. */
export interface Vanishing {
  readonly orgId: string;
  readonly number: number;
  readonly operations: number;
  /** Replaces what a process reports of a failure, as a wrong package would. */
  readonly reportAs?: "not_done" | undefined;
}

/** The patterns of the files that are deleted. */
const patterns: readonly string[] = [
  String.raw`\.c?js$`,
  String.raw`(?:^|/)(?:errors|json-failure|grpc-failure)-[\w-]+\.cjs$`,
  String.raw`-\w*[a-mA-M]\.cjs$`,
  String.raw`(?:transport|auth)`,
];

/** The program. It needs nothing but the copy of the package that it is given, and tells of each call in a line of JSON. */
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
const vanish = () => {
  for (const name of readdirSync(task.folder, { recursive: true })) {
    if (new RegExp(task.pattern).test(name)) rmSync(join(task.folder, name), { recursive: true, force: true });
  }
};
const work = async () => {
  while (next < task.operations) {
    const index = next++;
    if (index === task.vanishAt) setTimeout(vanish, task.vanishAfterMs);
    const name = task.prefix + "-" + index;
    const id = index % 3 === 2 ? ids.pop() : undefined;
    const options = { headers: { [task.header]: name } };
    const settings = { name, clientId: "c-" + name, clientSecret: "planted-secret" };
    const told = { name, isAdd: id === undefined };
    try {
      if (id === undefined) {
        ids.push((await client.management.addGoogleProvider(settings, options)).id);
      } else {
        await client.management.updateGoogleProvider({ ...settings, id }, options);
      }
      console.log(JSON.stringify({ ...told, success: true }));
    } catch (error) {
      console.log(JSON.stringify({
        ...told, success: false, isUnknown: isOutcomeUnknown(error), outcome: error.outcome, message: error.message,
      }));
    }
  }
};
await Promise.all([work(), work(), work()]);
await client.close();
`;

interface Line {
  readonly name: string;
  readonly isAdd: boolean;
  readonly success: boolean;
  readonly isUnknown?: boolean;
  readonly outcome?: string;
  readonly message?: string;
}

/** Returns an array to which the name of each provider is added that an organization gets. Updates change names later. */
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

/** Runs a process over a bad network while its package vanishes, and compares what it reports with the store. */
export async function runVanishing(
  { orgId, number, operations, reportAs }: Vanishing,
  side: Side,
  figures: VanishingFigures,
): Promise<void> {
  const { seed, server, journal, recorder } = side;
  const random = randomOf(seed, "vanishing", number);
  const protocol = random.pick(side.wires);
  const addedNames = watchAdds(server.state.organizations.get(orgId));
  // Within the project, so that the program finds its dependencies.
  const folder = await mkdtemp(join("node_modules", ".vanished-"));
  let output: string;
  try {
    for (const path of ["package.json", "dist/node", "dist/cjs"]) {
      await cp(path, join(folder, path), { recursive: true });
    }
    side.disturb(protocol, random);
    const prefix = `${sidePrefix}vanishing-${number}`;
    const task = {
      folder: join(process.cwd(), folder),
      protocol,
      baseUrl: `http://localhost:${side.portOf(protocol)}`,
      auth: server.tokenFor(prefix),
      orgId,
      header: operationHeader,
      prefix,
      operations,
      pattern: random.pick(patterns),
      vanishAt: random.chance(0.1) ? 0 : 4 + random.integer(Math.ceil(operations / 2)),
      vanishAfterMs: random.integer(60),
    };
    const args = ["--input-type=module", "--eval", program, "--", JSON.stringify(task)];
    const run = promisify(execFile)(process.execPath, args);
    output = (await side.inTime(run, `${prefix} over ${protocol}, ${task.pattern}`)).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const lines = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  await side.rest(lines.map(({ name }) => name));
  figures.processes++;
  figures.operations += lines.length;
  if (lines.length !== operations) {
    recorder.violation("unhandled", `process ${number} told of ${lines.length} of ${operations}`);
  }
  for (const line of lines) {
    const { name, success } = line;
    const told: Line =
      reportAs === undefined || success ? line : { ...line, outcome: reportAs, isUnknown: false };
    const requests = journal.of(name);
    const writes = requests.filter(({ events }) => events > 0).length;
    const made = addedNames.filter((added) => added === name).length;
    const hides = requests.some(
      ({ chosen }) => chosen && hidesOutcome(chosen.kind, protocol) === true,
    );
    if (success) {
      figures.success++;
    } else if (told.isUnknown) {
      figures.unknown++;
      figures.unknownDone += writes > 0 ? 1 : 0;
    } else {
      figures.notDone++;
    }
    for (const kind of violationsOf(told, { writes, made, hides })) {
      const seen = requests.map((request) => describeRequest(request, request.startedMs)).join(" ");
      recorder.violation(
        kind,
        `${name} over ${protocol}: ${JSON.stringify(told)}; requests: ${seen}`,
      );
    }
  }
}

function violationsOf(
  { success, isAdd, isUnknown, outcome }: Line,
  { writes, made, hides }: { writes: number; made: number; hides: boolean },
): Violation[] {
  const isCertain = !success && isUnknown !== true;
  const found: Partial<Record<Violation, boolean>> = {
    lost: success && (writes === 0 || (isAdd && made === 0)),
    twice: isAdd && (made > 1 || writes > 1),
    falselyCertain: isCertain && (writes > 0 || (isAdd && made > 0)),
    hidden: isCertain && hides,
    // Errors of a call that was never begun may have no outcome.
    foreign: !success && (outcome === "unknown") !== isUnknown,
  };
  return (Object.keys(found) as Violation[]).filter((each) => found[each]);
}
