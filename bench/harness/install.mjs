// Prepares the benchmarks: installs the peers, links this package under its own name, and compiles the generated code to
// JavaScript.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { logProgress } from "./progress.mjs";

export const bench = fileURLToPath(new URL("..", import.meta.url));
export const root = join(bench, "..");
const modules = join(bench, "node_modules");

export async function install() {
  installPeers();
  linkOwn();
  await compileGenerated();
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
 * Links the package, so that its exports are resolved as for users. It is not an entry of package.json, because the lock file
 * would then follow each change of the package's own dependencies.
 */
function linkOwn() {
  const link = join(modules, "zitadel-idp");
  if (!existsSync(join(root, "dist"))) {
    throw new Error("dist/ is missing: run npm run build");
  }
  if (!existsSync(link)) {
    rmSync(link, { force: true });
    symlinkSync(process.platform === "win32" ? root : join("..", ".."), link, "junction");
  }
}

/** Compiles file by file, as protoc-gen-es generates the code and users of plain Connect load it. */
async function compileGenerated() {
  const outdir = join(bench, "dist", "gen");
  rmSync(outdir, { recursive: true, force: true });
  const sources = readdirSync(join(root, "gen"), { recursive: true })
    .filter((file) => file.endsWith("_pb.ts"))
    .map((file) => join(root, "gen", file));
  await build({
    entryPoints: sources,
    outbase: join(root, "gen"),
    outdir,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}
