// Runs a TypeScript program from the sources, which Node.js 20 cannot do: node tools/run.mjs FILE ARGUMENTS…
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = (path) => join(root, "src", path);

/** The source files of the package entries that are not a folder with an index. */
const entries = {
  index: "index.ts",
  management: "services/management.ts",
  admin: "services/admin.ts",
  idp: "services/idp.ts",
  auth: "token-sources.ts",
  "transport/json": "json-transport.ts",
  "transport/grpc": "grpc-transport.ts",
  "transport/grpc-web": "grpc-web-transport.ts",
};

/** The plugin that resolves the names that users import. The tests resolve them in the same way. */
const ownNames = {
  name: "own-names",
  setup({ onResolve }) {
    onResolve({ filter: /^#runtime$/ }, () => ({ path: source("runtime/node-bun-deno.ts") }));
    onResolve({ filter: /^zitadel-idp($|\/)/ }, ({ path }) => {
      const [, entry = "index"] = /^zitadel-idp\/(.+)$/.exec(path) ?? [];
      return { path: source(entries[entry] ?? `${entry}/index.ts`) };
    });
  },
};

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
  plugins: [ownNames],
});
process.argv = [process.argv[0], outfile, ...args];
await import(pathToFileURL(outfile).href);
