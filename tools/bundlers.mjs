// Bundles code for a browser, so that `npm run size` and `npm run bench` can measure what a page loads before its first call.
import { builtinModules, SourceMap } from "node:module";
import { join, posix } from "node:path";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";

/**
 * The bundlers by name. Each takes the `code` of an entry, the `folder` in which its imports are resolved, and the `conditions` of
 * its runtime. Each returns `first`, the chunks that the entry loads at once, `later`, the chunks that it loads on demand, and
 * `builtins`, the modules of Node.js that the chunks import. `files` of a chunk has the number of characters of its `text` that come
 * from each file.
 */
export const bundlers = { rolldown: bundleWithRolldown, esbuild: bundleWithEsbuild };

const entryName = "entry.mjs";
const outputFolder = "out";

/** Bundles with rolldown, the bundler of Vite. */
async function bundleWithRolldown({ code, folder, conditions = [] }) {
  const entry = join(folder, entryName);
  const bundle = await rolldown({
    input: entry,
    cwd: folder,
    platform: "browser",
    resolve: { conditionNames: [...conditions, "browser", "module", "import", "default"] },
    external: [...builtinModules, /^node:/],
    // A page that bundles the JSON transport imports it statically and, for the protocol "json" of a client, dynamically.
    checks: { ineffectiveDynamicImport: false },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? entry : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({
    dir: outputFolder,
    format: "esm",
    minify: true,
    comments: false,
    sourcemap: "hidden",
  });
  await bundle.close();
  const chunks = output.filter(({ type }) => type === "chunk");
  return splitByLoad(
    chunks.map((chunk) => ({
      name: chunk.fileName,
      text: chunk.code,
      isEntry: chunk.isEntry,
      imports: chunk.imports,
      dynamicImports: chunk.dynamicImports,
      files: charactersByFile(chunk),
    })),
  );
}

/** Counts the characters of each file by the source map, because rolldown only reports sizes from before minification. */
function charactersByFile({ code, map }) {
  const sourceMap = new SourceMap(map);
  const files = {};
  for (const [line, text] of code.split("\n").entries()) {
    for (let column = 0; column < text.length; column++) {
      const { originalSource } = sourceMap.findEntry(line, column);
      if (originalSource !== undefined) {
        const file = posix.join(outputFolder, originalSource);
        files[file] = (files[file] ?? 0) + 1;
      }
    }
  }
  return files;
}

/** Bundles with esbuild, which keeps each file in one chunk and therefore splits worse. */
async function bundleWithEsbuild({ code, folder, conditions = [] }) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: code, resolveDir: folder, sourcefile: entryName },
    absWorkingDir: folder,
    outdir: outputFolder,
    platform: "browser",
    conditions: [...conditions, "module"],
    external: [...builtinModules, "node:*"],
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return splitByLoad(
    Object.entries(metafile.outputs).map(([name, { entryPoint, imports, inputs }]) => {
      const importsOf = (kind) =>
        imports.filter((each) => each.kind === kind).map(({ path }) => path);
      return {
        name,
        text: texts.get(join(folder, name)),
        isEntry: entryPoint === entryName,
        imports: importsOf("import-statement"),
        dynamicImports: importsOf("dynamic-import"),
        files: Object.fromEntries(
          Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]),
        ),
      };
    }),
  );
}

/** Separates the chunks that the entry imports statically from the others. Imports of anything but a chunk are builtins. */
function splitByLoad(chunks) {
  const chunkByName = new Map(chunks.map((chunk) => [chunk.name, chunk]));
  const first = new Set(chunks.filter(({ isEntry }) => isEntry));
  // A set visits the values that are added during the loop, too.
  for (const { imports } of first) {
    for (const name of imports.filter((each) => chunkByName.has(each))) {
      first.add(chunkByName.get(name));
    }
  }
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  return {
    first: [...first],
    later: chunks.filter((chunk) => !first.has(chunk)),
    builtins: [...new Set(imported)].filter((name) => !chunkByName.has(name)),
  };
}
