import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.js";
import { root } from "./project.js";
import { NotAvailableError } from "./row.js";

/** The package file of tools that are too heavy for every contributor. */
export const toolsDirectory: string = join(root, "test", "runtimes", "tools");

/**
 * The folders with a package file. The frameworks have folders of their own, because a project of theirs must be inside, and each
 * version needs its own React.
 */
const toolFolders = [".", "react-native", "next-15", "next-16", "opentelemetry"] as const;

export type ToolFolder = (typeof toolFolders)[number];

/** Installs the tools of each folder, unless they are installed. */
export async function installTools(log: (line: string) => void): Promise<void> {
  for (const folder of toolFolders) {
    await installFolder(folder, log);
  }
}

/** Installs the tools of a lock file, unless they are installed. */
async function installFolder(folder: ToolFolder, log: (line: string) => void): Promise<void> {
  const directory = join(toolsDirectory, folder);
  const name = join("test/runtimes/tools", folder);
  const lock = await readFile(join(directory, "package-lock.json"), "utf8");
  if (lock.includes('"resolved"')) {
    throw new Error(`${name}/package-lock.json holds addresses: run npm install there`);
  }
  // npm selects builds by platform.
  const wanted = createHash("sha256").update(lock).update(platform()).digest("hex");
  const stamp = toolPathOf(folder, ".installed");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) {
    return;
  }
  log(`installing the tools of ${name} …`);
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const ticker = setInterval(() => log(`  … ${seconds()} s`), 10_000);
  // All tools come as builds for this platform, or need none.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { problem } = await runCommand("npm", args, { cwd: directory, limitMs: 600_000 });
  clearInterval(ticker);
  if (problem !== undefined) {
    throw new Error(`npm ci in ${name} failed: ${problem}`);
  }
  await writeFile(stamp, wanted);
  log(`  installed in ${seconds()} s`);
}

/** Returns the version of an installed tool. */
export async function versionOf(name: string, folder: ToolFolder = "."): Promise<string> {
  const manifest = await readFile(toolPathOf(folder, name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Returns the path of a file of an installed tool. */
export function toolPath(...path: string[]): string {
  return toolPathOf(".", ...path);
}

/** Returns the path of a file of a tool that is installed in `folder`. */
export function toolPathOf(folder: ToolFolder, ...path: string[]): string {
  return join(toolsDirectory, folder, "node_modules", ...path);
}

/** Returns the Node.js of a release line. Its packages hold the program itself, without an install script. */
export function nodePath(line: number): string {
  return programPath(`Node.js ${line}`, `node${line}-${platform()}`, "bin", "node");
}

export function bunPath(): string {
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  return programPath("Bun", "@oven", `bun-${process.platform}-${arch}`, "bin", "bun");
}

export function denoPath(): string {
  const libc = process.platform === "linux" ? "-glibc" : "";
  return programPath("Deno", "@deno", `${platform()}${libc}`, "deno");
}

function programPath(name: string, ...path: string[]): string {
  const found = toolPath(...path);
  if (!existsSync(found)) {
    throw new NotAvailableError(`no build of ${name} for ${platform()} is installed`);
  }
  return found;
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}
