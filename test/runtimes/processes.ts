import { join } from "node:path";
import { bundlerVersion } from "./bundles.js";
import { outputOf } from "./command.js";
import type { Report } from "./program/driver.js";
import { type Context, runDriver, type Row } from "./row.js";
import { bunPath, denoPath, nodePath } from "./tools.js";
import type { Expected } from "./driver-servers.js";

const limitMs = 90_000;

const expected: Expected = { auto: "grpc", wires: ["grpc", "grpc-web", "json"] };

const bunArgs = ["run", "--no-install"];

/** Deno gets the permission for the network only: the package needs no other. */
const denoArgs = ["run", "--no-prompt", "--allow-net", "--node-modules-dir=manual"];

/** Runtimes that run programs as processes. */
export const processRows: readonly Row[] = [
  ...[20, 22, 24, 26].map((line) => ({
    id: `node${line}`,
    name: `Node.js ${line}`,
    run: (context: Context) => runProcess(context, nodePath(line), []),
  })),
  { id: "bun", name: "Bun", run: (context) => runProcess(context, bunPath(), bunArgs) },
  { id: "deno", name: "Deno", run: (context) => runProcess(context, denoPath(), denoArgs) },
  {
    id: "node20-require",
    name: "Node.js 20, `require`",
    run: (context) => runRequire(context, nodePath(20), []),
  },
  {
    id: "bun-require",
    name: "Bun, `require`",
    run: (context) => runRequire(context, bunPath(), bunArgs),
  },
];

/** Bundles that Node.js runs without any installed package. */
export const nodeBundleRows: readonly Row[] = (["esbuild", "webpack"] as const).map((bundler) => ({
  id: `${bundler}-node`,
  name: `${bundler}, for Node.js`,
  async run(context) {
    const { bundles } = context;
    const folder = join(bundles.directory, await bundles.make(bundler, "node"));
    const program = join(folder, bundler === "webpack" ? "process.cjs" : "process.mjs");
    const outcome = await runProcess(context, nodePath(24), [], program);
    return { ...outcome, version: await bundlerVersion(bundler) };
  },
}));

/** Runs the program as a CommonJS module. */
async function runRequire(context: Context, file: string, args: readonly string[]) {
  return await runProcess(context, file, args, context.project.program("process", "cjs"));
}

async function runProcess(
  context: Context,
  file: string,
  args: readonly string[],
  program = context.project.program("process"),
) {
  const { directory: cwd } = context.project;
  // Deno's cache stays in the project, and is deleted with it.
  const env = { DENO_DIR: join(cwd, ".deno"), DENO_NO_UPDATE_CHECK: "1", DO_NOT_TRACK: "1" };
  const options = { cwd, limitMs, env };
  const version = await outputOf(file, ["--version"], options);
  const outcome = await runDriver(context, expected, async (setup) => {
    const printed = await outputOf(file, [...args, program, JSON.stringify(setup)], options);
    return JSON.parse(printed) as Report;
  });
  return { version: /\d+\.\d+\.\d+\S*/.exec(version)?.[0] ?? version, ...outcome };
}
