/**
 * `npm run test:runtimes`: tests the packed package in every supported runtime, browser, bundler and compiler. Progress goes to
 * standard error, the table or JSON to standard output.
 */
import { join } from "node:path";
import { readRunArguments } from "../support/run-arguments.js";
import { mapConcurrently } from "../../src/utils/map-concurrently.js";
import { useScratchFolder } from "../support/scratch-folder.js";
import { createBrowsers } from "./browsers.js";
import { createBundles } from "./bundles.js";
import { outputOf } from "./command.js";
import { compilerRows } from "./compilers.js";
import { frameworkRows } from "./frameworks.js";
import { jestRows } from "./jest.js";
import { browserBundleRows, browserRows } from "./pages.js";
import { nodeBundleRows, processRows } from "./processes.js";
import { createProject, root } from "./project.js";
import { differencesToTable, writeTable } from "./readme.js";
import { reactNativeRow } from "./react-native.js";
import { type Context, NotAvailableError, type Row } from "./row.js";
import { formatTable, type Result } from "./table.js";
import { installTools } from "./tools.js";
import { tracedServiceRow } from "./traced-service.js";
import { workerRows } from "./workers.js";

const usage = `npm run test:runtimes -- OPTIONS
  --only ID,…           these alone
  --allow-missing ID    may be missing on this machine; otherwise that is a failure; repeat it for more
  --write-readme        puts the table into README.md
  --json                prints JSON instead of a table`;

/** In the order of the table. */
const rows: readonly Row[] = [
  ...processRows,
  ...workerRows,
  reactNativeRow,
  ...browserRows,
  ...browserBundleRows,
  ...nodeBundleRows,
  ...jestRows,
  ...compilerRows,
  ...frameworkRows,
  tracedServiceRow,
];

/** Two at a time: more are not faster on a machine with two cores. */
const lanes = 2;

const log = (line: string): void => void process.stderr.write(`${line}\n`);

useScratchFolder("runtimes", log);

const ids = rows.map(({ id }) => id);
const { only, allowMissing, ...flags } = readRunArguments({
  usage,
  ids,
  missing: ids,
  writeOption: "write-readme",
});
const chosen = rows.filter(({ id }) => only.length === 0 || only.includes(id));

await outputOf(process.execPath, [join(root, "tools", "build.mjs")], {
  cwd: root,
  limitMs: 300_000,
  onLine: log,
});
await installTools(log);
const results = await runAll(chosen);
const complaints = await lookAtReadme(results);

if (flags.json) {
  console.log(JSON.stringify({ results, complaints }, undefined, 2));
} else {
  console.log(formatTable(results));
}
complaints.forEach((complaint) => log(`FAILED ${complaint}`));
const failed = results.filter(({ status, id }) => {
  return status === "FAILED" || (status === "not run" && !allowMissing.includes(id));
});
process.exitCode = failed.length + complaints.length === 0 ? 0 : 1;

async function runAll(todo: readonly Row[]): Promise<Result[]> {
  await using project = await createProject();
  await using bundles = await createBundles(project);
  await using browsers = await createBrowsers(bundles.directory);
  const context: Context = { project, bundles, browsers };
  if (todo.some(({ usesChromium }) => usesChromium)) {
    // Its launcher changes the environment for a moment, which no other program may start with. The rows that need it report its
    // errors.
    await browsers.chromium().catch(() => undefined);
  }
  // The slowest rows are last in the table and are started first, so that nothing is waited for at the end.
  const slowestFirst = await mapConcurrently(todo.toReversed(), lanes, async (row) => {
    const result = await runRow(row, context);
    log(`${result.status.padEnd(7)} ${row.name} (${result.seconds.toFixed(1)} s)`);
    result.problems.forEach((problem) => log(problem.replace(/^/gm, "        ")));
    return result;
  });
  return slowestFirst.toReversed();
}

async function runRow(row: Row, context: Context): Promise<Result> {
  const { id, name } = row;
  const started = performance.now();
  const result = (rest: Omit<Result, "id" | "name" | "seconds">): Result => {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { id, name, ...rest, seconds };
  };
  try {
    const outcome = await row.run(context);
    return result({ status: outcome.problems.length === 0 ? "passed" : "FAILED", ...outcome });
  } catch (error) {
    return error instanceof NotAvailableError
      ? result({ status: "not run", problems: [error.message] })
      : result({ status: "FAILED", problems: [String(error)] });
  }
}

async function lookAtReadme(ran: readonly Result[]): Promise<string[]> {
  if (only.length > 0) {
    return [];
  }
  if (!flags.writesTable) {
    return await differencesToTable(ran.map(({ name }) => name));
  }
  if (ran.some(({ status }) => status !== "passed")) {
    return ["README.md is left as it is, because not everything has passed"];
  }
  const problem = await writeTable(ran);
  return problem === undefined ? [] : [problem];
}
