// Builds dist/ if anything it is made from is newer. `node tools/build.mjs --force` builds in any case.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist", ".built");
const sources = ["src", "gen", "examples", "tsconfig.json", "tsconfig.build.json", "package.json"];

/** Builds if needed; says so on standard error, because it takes a moment. Exits with 1 if the sources do not compile. */
export function build({ force = false } = {}) {
  if (!force && newest(sources) <= modified(stamp)) {
    return;
  }
  process.stderr.write("building …\n");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const tsc = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin",
    "tsc",
  );
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.exit(1);
  }
  writeFileSync(stamp, "");
}

function newest(paths) {
  return Math.max(
    ...paths.flatMap((path) => {
      const full = join(root, path);
      const entries = statSync(full).isDirectory() ? readdirSync(full, { recursive: true }) : [];
      return [modified(full), ...entries.map((entry) => modified(join(full, entry)))];
    }),
  );
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build({ force: process.argv.includes("--force") });
}
