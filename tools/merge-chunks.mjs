// Merges the chunks that the root entry of dist/node loads at once into one file. esbuild splits code into 41 of them, because it
// makes a chunk for each combination of entries that share code, and has no option to merge them. A Node.js process imports
// `zitadel-idp` on one core in 40 ms instead of 80 ms with one file (time above that of an empty process, median of 9).
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { rolldown } from "rolldown";

/**
 * Bundles the chunks of a folder again. `outputs` are esbuild's outputs by path, from its metafile, and `root` is the folder that
 * these paths are relative to.
 */
export async function mergeChunks(root, folder, outputs) {
  const first = new Set(
    listStaticImports(outputs, `${folder}/index.js`).map((path) => join(root, path)),
  );
  const entries = Object.keys(outputs).filter((path) => isEntry(outputs, path));
  const bundle = await rolldown({
    input: Object.fromEntries(
      entries.map((path) => [relative(folder, path).replace(/\.js$/, ""), join(root, path)]),
    ),
    platform: "node",
    external: (id) => !id.startsWith(".") && !id.startsWith(root),
    logLevel: "warn",
  });
  const { output } = await bundle.generate({
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    codeSplitting: { groups: [{ name: "client", test: (id) => first.has(id) }] },
  });
  rmSync(join(root, folder), { recursive: true });
  for (const { fileName, code } of output) {
    const path = join(root, folder, fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
}

/** Returns true for a file that users can import, or run as a command. */
function isEntry(outputs, path) {
  return outputs[path].entryPoint !== undefined && !path.includes("/chunks/");
}

/** Returns the chunks that a file imports, directly or not, but not on demand. */
function listStaticImports(outputs, path, found = new Set()) {
  for (const { path: target, kind, external } of outputs[path].imports) {
    if (kind === "import-statement" && !external && !found.has(target)) {
      found.add(target);
      listStaticImports(outputs, target, found);
    }
  }
  return [...found];
}
