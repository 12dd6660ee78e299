// Runs a TypeScript program from the sources, which Node.js 20 cannot do: node tools/run.mjs FILE ARGUMENTS…
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { listSourceAliases } from "./package-sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node tools/run.mjs FILE ARGUMENTS…");
  process.exit(2);
}
// The folder is inside the project, so that external packages resolve from there.
const folder = mkdtempSync(join(root, "node_modules", ".run-"));
const outfile = join(folder, "main.mjs");
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
await build({
  entryPoints: [resolve(file)],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  logLevel: "warning",
  packages: "external",
  // The program imports the package by the names that users import.
  alias: listSourceAliases(),
});
process.argv = [process.argv[0], outfile, ...args];
await import(pathToFileURL(outfile).href);
