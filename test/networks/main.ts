/**
 * `npm run test:networks`: calls the emulator with the packed package through proxies, private certificates and web servers. Progress
 * goes to standard error, the table or JSON to standard output.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { installPacked } from "../package/install.js";
import { outputOf } from "../runtimes/command.js";
import { importEmulator, root } from "../runtimes/project.js";
import { readProgramVersion } from "../support/debian-programs.js";
import { nginxProgram } from "../support/nginx.js";
import { readRunArguments } from "../support/run-arguments.js";
import { mapConcurrently } from "../../src/utils/map-concurrently.js";
import { useScratchFolder } from "../support/scratch-folder.js";
import { squidProgram } from "../support/squid.js";
import { findDocsProblems, writeDocs } from "./docs.js";
import type { Network } from "./network.js";
import { networks } from "./networks.js";
import { createPartsFactory } from "./parts.js";
import { type Caller, type Row, runNetwork } from "./run-network.js";
import { formatTable } from "./table.js";

const usage = `npm run test:networks -- OPTIONS
  --only ID,…           these networks alone
  --allow-missing ID    this program may be missing on this machine; otherwise that is a failure; repeat it for more. As root on
                        Debian, the command installs missing programs
  --write-docs          puts the table into docs/networks.md
  --json                prints JSON instead of a table`;

const programs = [nginxProgram, squidProgram];

/** Two at a time: more are not faster on a machine with two cores. */
const lanes = 2;

const log = (line: string): void => void process.stderr.write(`${line}\n`);

useScratchFolder("networks", log);

const { only, allowMissing, ...flags } = readRunArguments({
  usage,
  ids: networks.map(({ id }) => id),
  missing: programs.map(({ name }) => name),
  writeOption: "write-docs",
});
const chosen = networks.filter(({ id }) => only.length === 0 || only.includes(id));

await outputOf(process.execPath, [join(root, "tools", "build.mjs")], {
  cwd: root,
  limitMs: 300_000,
  onLine: log,
});
const rows = await runAll(chosen);
const complaints = await checkDocs(rows);

if (flags.json) {
  console.log(JSON.stringify({ rows, complaints }, undefined, 2));
} else {
  console.log(formatTable(rows));
}
complaints.forEach((complaint) => log(`FAILED ${complaint}`));
const failed = rows.filter(
  ({ status, missing = "" }) =>
    status === "FAILED" || (status === "not run" && !allowMissing.includes(missing)),
);
process.exitCode = failed.length + complaints.length === 0 ? 0 : 1;

async function runAll(todo: readonly Network[]): Promise<Row[]> {
  await using project = await installPacked();
  const caller = await buildCaller(project.directory);
  const createEmulator = await importEmulator(project.directory);
  const createParts = await createPartsFactory(createEmulator);
  return await mapConcurrently(todo, lanes, async (network) => {
    const row = await runNetwork(network, createParts, caller);
    log(`${row.status.padEnd(7)} ${row.name} (${row.seconds.toFixed(1)} s)`);
    for (const problem of problemsOf(row)) {
      log(problem.replace(/^/gm, "        "));
    }
    return row;
  });
}

/** Compiles the program that calls the API. It imports the package by its name, as the programs of users do. */
async function buildCaller(directory: string): Promise<Caller> {
  const program = join(directory, "caller.mjs");
  await build({
    entryPoints: [join(root, "test", "networks", "program", "caller.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
  return { directory, program };
}

function problemsOf({ cells, problems }: Row): string[] {
  const failedCells = cells.filter(({ status }) => status === "FAILED");
  return [
    ...failedCells.map(({ wire, token, problem }) => `${wire}, ${token}: ${problem}`),
    ...problems,
  ];
}

async function checkDocs(ran: readonly Row[]): Promise<string[]> {
  if (only.length > 0) {
    return [];
  }
  const wrong = ran.filter(({ status }) => status !== "passed").map(({ name }) => name);
  if (wrong.length > 0) {
    log(`docs/networks.md is neither compared nor written without ${wrong.join(", ")}`);
    return flags.writesTable ? ["docs/networks.md is left as it is"] : [];
  }
  if (!flags.writesTable) {
    return await findDocsProblems(ran);
  }
  const problem = await writeDocs(ran, await readVersions());
  return problem === undefined ? [] : [problem];
}

async function readVersions(): Promise<string[]> {
  const versions = programs.map(
    async (program) => `${program.name} ${await readProgramVersion(program)}`,
  );
  return [`Node.js ${process.versions.node}`, ...(await Promise.all(versions))];
}
