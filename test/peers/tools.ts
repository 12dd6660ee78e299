import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "../runtimes/command.js";
import { root } from "../runtimes/project.js";
import { PeerNotAvailableError } from "./peer.js";

export const peersDirectory: string = join(root, "test", "peers");

const cache = join(root, "node_modules", ".cache", "peers");
const limitMs = 600_000;

/** A program of the Go module proxy. */
export interface GoTool {
  readonly path: string;
  readonly version: string;
}

/** Builds a Go program once and returns its file. */
export async function installGoTool({ path, version }: GoTool): Promise<string> {
  requireProgram("go", "version");
  const folder = join(cache, version);
  const file = join(folder, path.replace(/^.*\//, ""));
  if (!existsSync(file)) {
    await outputOf("go", ["install", `${path}@${version}`], {
      cwd: root,
      env: { GOBIN: folder },
      limitMs,
    });
  }
  return file;
}

/** Builds the Go program in `go` and returns its file and its folder. */
export async function buildGoModule(): Promise<{ file: string; folder: string }> {
  requireProgram("go", "version");
  const folder = join(peersDirectory, "go");
  const file = join(cache, "go", "client");
  await outputOf("go", ["build", "-o", file, "."], { cwd: folder, limitMs });
  return { file, folder };
}

/** Installs the packages of `python/requirements.txt` once and returns their Python. */
export async function installPythonPackages(): Promise<string> {
  requireProgram("python3", "--version");
  const requirements = join(peersDirectory, "python", "requirements.txt");
  const folder = join(cache, "python");
  const python = join(folder, "bin", "python");
  await installOnce(folder, readFileSync(requirements, "utf8"), async () => {
    await outputOf("python3", ["-m", "venv", folder], { cwd: root, limitMs });
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await outputOf(python, [...args, "-r", requirements], { cwd: root, limitMs });
  });
  return python;
}

/** Installs the packages of `node/package-lock.json` once and returns their folder. */
export async function installNodePackages(): Promise<string> {
  const source = join(peersDirectory, "node");
  const lock = readFileSync(join(source, "package-lock.json"), "utf8");
  await installOnce(join(source, "node_modules"), lock, async () => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await outputOf("npm", args, { cwd: source, limitMs });
  });
  return source;
}

/** Fills a folder unless it was filled for the same list of packages. */
async function installOnce(
  folder: string,
  list: string,
  install: () => Promise<void>,
): Promise<void> {
  const stamp = join(folder, ".installed");
  const wanted = createHash("sha256").update(list).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  await install();
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, wanted);
}

function requireProgram(name: string, versionArgument: string): void {
  if (spawnSync(name, [versionArgument]).status !== 0) {
    throw new PeerNotAvailableError(`${name} is not installed`);
  }
}
