import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { outputOf } from "./command.js";
import type { Report } from "./program/driver.js";
import { type Context, runDriver, type Outcome, type Row } from "./row.js";
import { nodePath, toolsDirectory, versionOf } from "./tools.js";
import type { Expected } from "./driver-servers.js";

const expected: Expected = { auto: "json", wires: ["json", "grpc-web"] };

interface WorkerRuntime {
  readonly id: string;
  readonly name: string;
  /** The package whose version the row shows. */
  readonly package: string;
  /** The form in which the runtime accepts a request handler. */
  readonly entry: string;
  readonly bundle: BuildOptions;
}

/** Runtimes for workers, with `fetch` and little else. The programs that start them are beside their package file. */
const runtimes: readonly WorkerRuntime[] = [
  {
    id: "workerd",
    name: "workerd (Cloudflare Workers)",
    package: "workerd",
    entry: 'export { handler as default } from "./handler.js";',
    // The bundle settings of wrangler.
    bundle: { format: "esm", platform: "browser", conditions: ["workerd", "worker", "browser"] },
  },
  {
    id: "edge-runtime",
    name: "Edge runtime (Vercel)",
    package: "edge-runtime",
    entry: `import { handler } from "./handler.js";
addEventListener("fetch", (event) => event.respondWith(handler.fetch(event.request)));`,
    bundle: { format: "iife", platform: "neutral", conditions: ["edge-light"] },
  },
];

export const workerRows: readonly Row[] = runtimes.map((runtime) => ({
  id: runtime.id,
  name: runtime.name,
  run: (context) => runWorker(context, runtime),
}));

async function runWorker(context: Context, runtime: WorkerRuntime): Promise<Outcome> {
  const { directory } = context.project;
  const script = join(directory, `${runtime.id}.js`);
  await build({
    stdin: { contents: runtime.entry, resolveDir: join(directory, "program") },
    outfile: script,
    bundle: true,
    mainFields: ["module", "main"],
    logLevel: "silent",
    ...runtime.bundle,
  });
  const starter = join(toolsDirectory, `${runtime.id}.mjs`);
  const outcome = await runDriver(context, expected, async (setup) => {
    // miniflare no longer supports Node.js 20, which may be the current version.
    const args = [starter, script, JSON.stringify(setup)];
    const options = { cwd: toolsDirectory, limitMs: 90_000 };
    return JSON.parse(await outputOf(nodePath(24), args, options)) as Report;
  });
  return { version: await versionOf(runtime.package), ...outcome };
}
