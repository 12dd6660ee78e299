import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApp } from "./app.js";
import { outputOf } from "./command.js";
import { environment, startEmulator } from "./guide-emulator.js";
import { writeGuideFiles } from "./guide-files.js";
import type { Context, Outcome, Row } from "./row.js";
import { nodePath, toolPath, toolPathOf, toolsDirectory, versionOf } from "./tools.js";

/** Frameworks that run the code of their guides in `docs/guides`. */
export const frameworkRows: readonly Row[] = [
  {
    id: "wrangler",
    name: "Cloudflare Worker, by wrangler",
    run: runWorker,
  },
  ...(["15", "16"] as const).map((version) => ({
    id: `next-${version}`,
    name: `Next.js ${version}`,
    run: (context: Context) => runNext(context, `next-${version}`),
  })),
];

/** Bundles the Worker of the guide with wrangler, and runs the bundle in workerd. */
async function runWorker(context: Context): Promise<Outcome> {
  const directory = join(context.project.directory, "worker");
  await mkdir(directory);
  await writeGuideFiles("use-in-a-cloudflare-worker", directory);
  const wrangler = toolPath("wrangler", "bin", "wrangler.js");
  // Wrangler writes logs and settings, and must send nothing.
  const env = {
    XDG_CONFIG_HOME: join(directory, ".config"),
    WRANGLER_LOG_PATH: join(directory, ".logs"),
    WRANGLER_SEND_METRICS: "false",
    CI: "true",
  };
  const options = { cwd: directory, limitMs: 120_000, env };
  const deploy = ["deploy", "--dry-run", "--outdir", "out"];
  const printed = await outputOf(nodePath(24), [wrangler, ...deploy], options);
  const [, size, gzip] = /Total Upload: ([\d.]+ KiB) \/ gzip: ([\d.]+ KiB)/.exec(printed) ?? [];
  const { emulator, url } = await startEmulator(context);
  try {
    const starter = join(toolsDirectory, "workerd.mjs");
    const script = join(directory, "out", "index.js");
    const args = [starter, script, "", JSON.stringify(environment(url))];
    const answer = await outputOf(nodePath(24), args, { cwd: toolsDirectory, limitMs: 90_000 });
    return {
      version: await versionOf("wrangler"),
      scope: `[guide](docs/guides/use-in-a-cloudflare-worker.md); ${size}, ${gzip} after gzip`,
      problems: [
        ...(size === undefined ? [`wrangler printed no size: ${printed}`] : []),
        ...namesProblem("the Worker", answer, ["First"]),
      ],
    };
  } finally {
    await emulator.close();
  }
}

/** Builds and starts the app of the guide, and calls its route handlers and its server actions. */
async function runNext(context: Context, folder: "next-15" | "next-16"): Promise<Outcome> {
  await using app = await createApp(context.project, folder);
  const { directory } = app;
  await writeGuideFiles("use-in-next-js", directory);
  await writeFile(join(directory, "package.json"), '{ "private": true }');
  // There are lock files in the folders above.
  const rootFolder = JSON.stringify(join(toolsDirectory, folder));
  await writeFile(
    join(directory, "next.config.mjs"),
    `export default { outputFileTracingRoot: ${rootFolder}, turbopack: { root: ${rootFolder} } };\n`,
  );
  const next = toolPathOf(folder, "next", "dist", "bin", "next");
  const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "true" };
  await outputOf(nodePath(24), [next, "build"], { cwd: directory, limitMs: 300_000, env });
  const { emulator, url } = await startEmulator(context);
  const server = spawn(nodePath(24), [next, "start", "--port", "0"], {
    cwd: directory,
    env: { ...process.env, ...env, ...environment(url) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  servers.add(server);
  try {
    const base = await addressOf(server);
    const read = async (path: string) => await (await fetch(base + path)).text();
    const problems = namesProblem("the route handler", await read("/api/providers"), ["First"]);
    await submit(`${base}/`, "Second");
    await submit(`${base}/edge`, "Third");
    const all = ["First", "Second", "Third"];
    problems.push(...namesProblem("the Edge route handler", await read("/api/edge"), all));
    const seen = [...new Set(emulator.log.map(({ protocol }) => protocol))].toSorted();
    return {
      version: await versionOf("next", folder),
      scope: "[guide](docs/guides/use-in-next-js.md): Node.js and Edge",
      problems: [
        ...problems,
        ...(seen.includes("grpc") && seen.includes("json") ? [] : [`it used ${seen.join()}`]),
      ],
    };
  } finally {
    server.kill("SIGKILL");
    servers.delete(server);
    await emulator.close();
  }
}

/** The servers to end if this process ends early. */
const servers = new Set<ChildProcess>();
process.on("exit", () => servers.forEach((server) => server.kill("SIGKILL")));

/** Waits until a Next.js server prints its address. */
async function addressOf(server: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const [address] = /http:\/\/localhost:\d+/.exec(printed) ?? [];
      if (address !== undefined && printed.includes("Ready")) {
        resolve(address);
      }
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.on("exit", (status) => reject(new Error(`next start ended with ${status}: ${printed}`)));
  });
}

/** Submits the form of a page as a browser without scripts does. */
async function submit(page: string, name: string): Promise<void> {
  const html = await (await fetch(page)).text();
  const [action] = /\$ACTION_ID_[0-9a-f]+/.exec(html) ?? [];
  if (action === undefined) {
    throw new Error(`${page} has no form with an action: ${html}`);
  }
  const form = new FormData();
  for (const [field, value] of Object.entries({
    [action]: "",
    name,
    clientId: "id",
    clientSecret: "s",
  })) {
    form.set(field, value);
  }
  const response = await fetch(page, { method: "POST", body: form, redirect: "manual" });
  if (response.status >= 400) {
    throw new Error(`the action of ${page} answered HTTP ${response.status}`);
  }
}

/** Returns a problem unless an answer has exactly the providers with these names. */
function namesProblem(what: string, answer: string, wanted: readonly string[]): string[] {
  let names: unknown;
  try {
    names = (JSON.parse(answer) as { name: string }[]).map(({ name }) => name).toSorted();
  } catch {
    return [`${what} answered ${answer}`];
  }
  return JSON.stringify(names) === JSON.stringify(wanted) ? [] : [`${what} answered ${answer}`];
}
