// Builds dist/ if any of its sources is newer. `node tools/build.mjs --force` always builds.
//
// - dist/src, dist/gen: ES modules with external dependencies, for bundlers and for runtimes without the modules of Node.js; and the
//   declarations that need Connect. Modules that no page loads first are merged into larger ones
// - dist/cjs-types: all declarations, for CommonJS
// - dist/cjs: the same code bundled as CommonJS for Node.js, Bun and Deno, with all packages that it needs, because one file loads
//   faster than two hundred
// - dist/node: an ES module over each entry of dist/cjs, for `import` in Node.js, Bun and Deno
// - dist/providers.schema.json: the JSON schema of the command's files, for editors
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { bundleForNode } from "./bundle-for-node.mjs";
import { finishDeclarations } from "./finish-declarations.mjs";
import { formatLicenses } from "./format-licenses.mjs";
import { mergeModules } from "./merge-modules.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const stamp = join(dist, ".built");
const sources = [
  "src",
  "gen",
  "examples/tour",
  "examples/traces",
  "tools/build.mjs",
  "tools/bundle-for-node.mjs",
  "tools/finish-declarations.mjs",
  "tools/format-licenses.mjs",
  "tools/merge-modules.mjs",
  "tools/package-of.mjs",
  "tools/reachable-files.mjs",
  "tools/used-declarations.mjs",
  "tools/visit-nodes.mjs",
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
];

/**
 * Builds if needed, and reports that on standard error because a build takes a moment. Exits with 1 if the sources do not
 * compile.
 */
export async function build({ force = false } = {}) {
  if (!force && newest(sources) <= modified(stamp)) {
    return;
  }
  process.stderr.write("building …\n");
  rmSync(dist, { recursive: true, force: true });
  writeDeclarations();
  finishDeclarations(root);
  await compile();
  await writeSchema();
  writeLicenses(await bundleForNode(root));
  await mergeModules(root);
  writeFileSync(stamp, "");
}

/** Checks the types and writes the declarations. */
function writeDeclarations() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.exit(1);
  }
}

/** Compiles each file on its own. Bundlers can remove unused enums from esbuild's output, unlike from that of tsc. */
async function compile() {
  await esbuild.build({
    entryPoints: ["src/**/*.ts", "gen/**/*.ts", "examples/tour/**/*.ts", "examples/traces/**/*.ts"],
    absWorkingDir: root,
    outbase: ".",
    outdir: "dist",
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Writes the JSON schema of the command's files, for editors. */
async function writeSchema() {
  const compiled = join(dist, "src", "providers", "plan", "desired-schema.js");
  const { createDesiredSchema } = await import(pathToFileURL(compiled).href);
  const schema = `${JSON.stringify(createDesiredSchema(), null, 2)}\n`;
  writeFileSync(join(dist, "providers.schema.json"), schema);
}

/** Writes the licenses of the packages that the bundled files belong to. */
function writeLicenses(files) {
  writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), formatLicenses(root, files));
}

/** Returns the time of the last change below these paths. */
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
  await build({ force: process.argv.includes("--force") });
}
