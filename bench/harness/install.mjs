// Prepares the benchmarks: installs the peers, links this package under its own name, and generates the code for plain
// Connect.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { logProgress } from "./progress.mjs";

export const bench = fileURLToPath(new URL("..", import.meta.url));
export const root = join(bench, "..");
const modules = join(bench, "node_modules");

/** Prepares everything that the benchmarks need besides `npm ci`. */
export function install() {
  installPeers();
  linkPackage();
  generateCode();
}

function installPeers() {
  const stamp = join(modules, ".installed");
  const lock = createHash("sha256")
    .update(readFileSync(join(bench, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) {
    return;
  }
  logProgress("installing the peers in bench/node_modules");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: bench,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    throw new Error("npm ci in bench/ failed");
  }
  writeFileSync(stamp, lock);
}

/**
 * Links the package, so that its exports are resolved as for users. An entry in package.json would change the lock file with each change
 * of the package's dependencies.
 */
function linkPackage() {
  const link = join(modules, "zitadel-idp");
  if (!existsSync(join(root, "dist"))) {
    throw new Error("dist/ is missing: run npm run build");
  }
  if (!existsSync(link)) {
    rmSync(link, { force: true });
    symlinkSync(process.platform === "win32" ? root : join("..", ".."), link, "junction");
  }
}

/** Generates the code that users of plain Connect load. */
function generateCode() {
  const commands = join(root, "node_modules", ".bin");
  const template = join(bench, "buf.gen.yaml");
  const { status } = spawnSync(
    "buf",
    ["generate", "--template", template, "--output", join(bench, "dist")],
    {
      cwd: root,
      env: { ...process.env, PATH: `${commands}${delimiter}${process.env.PATH}` },
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    },
  );
  if (status !== 0) {
    throw new Error("buf generate for bench/ failed");
  }
}
