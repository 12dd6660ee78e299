// Merges the compiled modules that no page loads first, which makes the tarball 30 KB smaller: a fifth of a small module is its
// imports, its exports and its header.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { rolldown } from "rolldown";
import { listFiles, listReachable } from "./reachable-files.mjs";

/** The imports of other files of the package in a compiled file: those that load at once, and those that load on demand. */
const [staticImport, dynamicImport] = [/\b(?:from |import )"(\.[^"]+)"/g, /\bimport\("(\.[^"]+)"/g];

/** The entries that pages load before their first call. */
const firstEntries = [
  "index",
  "services/management",
  "services/admin",
  "services/idp",
  "policy/index",
  "json-transport",
  "grpc-web-transport",
  "runtime/browser",
  "runtime/edge",
].map((name) => `dist/src/${name}.js`);

/**
 * Merges the modules below `dist/src` that the same entries and the same `import()` need into one file each. Deletes the modules that
 * no entry for bundlers needs. `root` is the folder with `dist`.
 *
 * The modules that pages load before their first call stay files, so that bundlers can leave out each that a page does not use. So do
 * the generated ones. A page loads as many bytes as without merging.
 */
export async function mergeModules(root) {
  const importsOf = (path, ...patterns) => {
    const text = readFileSync(join(root, path), "utf8");
    return patterns.flatMap((pattern) =>
      Array.from(text.matchAll(pattern), ([, name]) => posix.join(posix.dirname(path), name)),
    );
  };
  const entries = listEntries(root);
  const first = listReachable(firstEntries, (path) => importsOf(path, staticImport));
  const staysFile = (path) => first.has(path) || path.startsWith("dist/gen/");
  const inputs = [
    // An entry only exports from other modules, of which a page may use one.
    ...entries.flatMap((path) => [path, ...importsOf(path, staticImport)]),
    ...[...first].flatMap((path) => importsOf(path, dynamicImport)),
  ].filter((path) => !staysFile(path));
  const output = await merge(root, inputs, staysFile);
  for (const path of listModules(root).filter((each) => !staysFile(each))) {
    rmSync(join(root, path));
  }
  for (const { fileName, code } of output) {
    const path = join(root, "dist/src", fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  const reached = listReachable(entries, (path) => importsOf(path, staticImport, dynamicImport));
  for (const path of listModules(root).filter((each) => !reached.has(each))) {
    rmSync(join(root, path));
  }
}

function listModules(root) {
  return listFiles(root, ["dist/src", "dist/gen"], ".js");
}

/** Lists the compiled files that package.json names. */
function listEntries(root) {
  const { exports: targets, imports } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  return [...Object.values(targets), ...Object.values(imports)]
    .flatMap((conditions) => Object.values(conditions))
    .filter((path) => typeof path === "string" && /^\.\/dist\/src\/.+\.js$/.test(path))
    .map(posix.normalize);
}

/**
 * Merges the modules that `inputs` need, except packages and the files for which `isExternal` returns true. Returns the new files.
 * Throws if code that only Node.js runs is among them.
 */
async function merge(root, inputs, isExternal) {
  const toName = (path) => posix.relative("dist/src", path).replace(/\.js$/, "");
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(inputs.map((path) => [toName(path), path])),
    external: (id, importer) =>
      /^[^./]/.test(id) ||
      (importer !== undefined &&
        isExternal(posix.relative(root, posix.join(posix.dirname(importer), id)))),
    platform: "neutral",
    experimental: { attachDebugInfo: "none" },
    logLevel: "warn",
  });
  const { output } = await bundle.generate({
    dir: "dist/src",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    minifyInternalExports: false,
    // Bundlers remove unused calls by their annotations.
    comments: { annotation: true, jsdoc: false, legal: false },
  });
  await bundle.close();
  const misplaced = output
    .flatMap(({ moduleIds }) => moduleIds)
    .find((id) => /\/dist\/src\/(?:cli|doctor|emulator)\//.test(id));
  if (misplaced !== undefined) {
    const path = posix.relative(root, misplaced);
    throw new Error(`${path} would be in the code for browsers: see what imports it`);
  }
  return output;
}
