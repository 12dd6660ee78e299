import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const moduleName = "connectrpc.com/conformance";
const version = "v1.0.5";

// The root has the same relative path from here and from the folder in which tools/run.mjs puts the bundle.
const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, "node_modules", ".cache", `conformance-${version}`);
const command = join(cache, "connectconformance");
const descriptors = join(cache, "descriptors.binpb");

export const wires = ["grpc", "grpc-web"] as const;
export type Wire = (typeof wires)[number];

export interface Counts {
  passed: number;
  failed: number;
  knownFailures: number;
}

export function hasGo(): boolean {
  return spawnSync("go", ["version"]).status === 0;
}

export function isInstalled(): boolean {
  return existsSync(command) && existsSync(descriptors);
}

/** Builds the suite's program and the schemas of its messages from the module, which holds both. Needs Go. */
export function install(): void {
  mkdirSync(cache, { recursive: true });
  const found: { Dir: string } = JSON.parse(
    run("go", ["mod", "download", "-json", `${moduleName}@${version}`]),
  );
  run("go", ["install", `${moduleName}/cmd/connectconformance@${version}`], { GOBIN: cache });
  // Renamed when complete: an interrupted run leaves nothing that looks installed.
  const unfinished = join(cache, "unfinished.binpb");
  const buf = join(root, "node_modules", ".bin", "buf");
  run(buf, ["build", join(found.Dir, "proto"), "-o", unfinished]);
  renameSync(unfinished, descriptors);
}

/** Runs the cases of one protocol, shows the suite's output, and returns its counts. */
export async function runSuite(wire: Wire, options: readonly string[]): Promise<Counts> {
  const folder = join(root, "test", "conformance");
  const child = spawn(
    command,
    [
      "--mode=client",
      `--conf=${join(folder, `${wire}.yaml`)}`,
      `--known-failing=@${join(folder, `${wire}.known-failures.txt`)}`,
      "--max-servers=2",
      "--verbose",
      ...options,
      "--",
      process.execPath,
      join(root, "tools", "run.mjs"),
      join(folder, "client.ts"),
      descriptors,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let text = "";
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    text += `${line}\n`;
  }
  return count(text, await ended);
}

/** Parses the counts in the last lines of the suite. */
function count(text: string, status: number | null): Counts {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const passed = number(/^(\d+) passed, \d+ failed/m);
  const notRun = number(/^Another (\d+) could not be run/m);
  const failed = number(/^\d+ passed, (\d+) failed/m) + notRun;
  return {
    passed,
    // The suite may also crash without counts.
    failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed,
    knownFailures: number(/^\(Another (\d+) failed as expected/m),
  };
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(" ")}: ${error ?? `status ${status}`}\n${stdout}`);
  }
  return stdout;
}
