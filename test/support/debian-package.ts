import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Returns the path of a program of a Debian package. Installs the package if it is missing and the test runs as root. Throws an error
 * that says what to do if there is no such program: a test that needs it must not pass without it.
 */
export function requireProgram(program: string, debianPackage: string): string {
  const path = findProgram(program) ?? install(program, debianPackage);
  if (path === undefined) {
    throw new Error(
      `this test needs ${program}: install the Debian package ${debianPackage} (apt-get install ${debianPackage})`,
    );
  }
  return path;
}

function findProgram(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function install(program: string, debianPackage: string): string | undefined {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    return undefined;
  }
  const options = {
    stdio: "ignore",
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  } as const;
  for (const args of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", debianPackage],
  ]) {
    spawnSync("apt-get", args, options);
  }
  return findProgram(program);
}
