import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { outputOf, runCommand } from "../runtimes/command.js";
import { NotAvailableError } from "./not-available-error.js";

/** A program that a Debian package provides. */
export interface DebianProgram {
  /** The name in messages, e.g. "Firefox". */
  readonly name: string;
  /** The possible names of the command, the preferred name first. */
  readonly commands: readonly string[];
  readonly debianPackage: string;
}

/** Folders that the `PATH` of ordinary users lacks on Debian. */
const systemFolders = ["/usr/sbin", "/usr/local/sbin"];

/**
 * Returns the path of a program. Installs the Debian package if the program is missing and this process runs as root on Debian.
 * Otherwise throws a `NotAvailableError` with the name of the package.
 */
export async function findOrInstallProgram(program: DebianProgram): Promise<string> {
  const path = found.get(program) ?? installIfMissing(program);
  found.set(program, path);
  return await path;
}

/** The paths by program. Callers that need the same program at the same time install it once. */
const found = new Map<DebianProgram, Promise<string>>();

async function installIfMissing(program: DebianProgram): Promise<string> {
  return findProgram(program) ?? (await installProgram(program));
}

/** Returns the version of a program that has the option `-v`. */
export async function readProgramVersion(program: DebianProgram): Promise<string> {
  // nginx prints its version on standard error.
  const command = ["-c", '"$0" -v 2>&1', await findOrInstallProgram(program)];
  const printed = await outputOf("/bin/sh", command, { cwd: "/", limitMs: 10_000 });
  return /\d+(?:\.\d+)+/.exec(printed)?.[0] ?? printed.trim();
}

function findProgram({ commands }: DebianProgram): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...systemFolders];
  const paths = commands.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

const lockFile = join(tmpdir(), "zitadel-idp-apt-get.lock");

async function installProgram(program: DebianProgram): Promise<string> {
  const { name, debianPackage } = program;
  const missing = `${name} is not installed`;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    throw new NotAvailableError(`${missing}; install it: apt-get install ${debianPackage}`, name);
  }
  process.stderr.write(`installing ${name}: apt-get install ${debianPackage} …\n`);
  const options = {
    cwd: "/",
    env: { DEBIAN_FRONTEND: "noninteractive" },
    limitMs: 300_000,
  };
  for (const args of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", debianPackage],
  ]) {
    // Test files run in several processes, and apt-get does not wait for another apt-get.
    const { problem } = await runCommand("flock", [lockFile, "apt-get", ...args], options);
    if (problem !== undefined) {
      const reason = `apt-get ${args[0]} failed for ${debianPackage}: ${problem}`;
      throw new NotAvailableError(`${missing}, and ${reason}`, name);
    }
  }
  const installed = findProgram(program);
  if (installed === undefined) {
    throw new NotAvailableError(
      `apt-get has installed ${debianPackage}, but there is no such command`,
      name,
    );
  }
  return installed;
}
