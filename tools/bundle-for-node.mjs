// Bundles the package for Node.js, Bun and Deno as CommonJS, and writes an ES module over each entry. `require` and `import` then
// share one copy of the code and of its state.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, posix } from "node:path";
import { transform } from "esbuild";
import { rolldown } from "rolldown";
import { packageOf } from "./package-of.mjs";

/** The folders of the compiled sources, of the CommonJS files, and of the ES modules over them. */
const [compiled, commonJs, esModules] = ["dist/src", "dist/cjs", "dist/node"];

const runtimes = ["runtime/node-bun-deno", "runtime/browser", "runtime/edge"];

/**
 * Bundles `dist/src` below `root`, with all packages that it needs except peer dependencies, which the user chooses. Returns the
 * paths of the files that the bundles consist of.
 *
 * `#runtime` is not bundled, so that its conditions in package.json choose the runtime of Jest's jsdom environment, and of bundlers
 * that find `require("zitadel-idp")` in code for browsers.
 */
export async function bundleForNode(root) {
  const {
    exports: targets,
    bin,
    peerDependencies,
  } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.values(targets)
    .flatMap((conditions) => Object.values(conditions))
    .filter((path) => typeof path === "string" && path.startsWith(`./${esModules}/`));
  const command = nameOf(esModules, bin["zitadel-idp"]);
  const names = [...entries.map((path) => nameOf(esModules, path)), command];
  const toPath = (name) => join(root, compiled, `${name}.js`);
  const options = {
    cwd: root,
    platform: "node",
    // yaml's build for browsers consists of ES modules, of which rolldown leaves out the unused ones. Its build for Node.js is CommonJS,
    // and 5 KB more in the tarball.
    resolve: { alias: { yaml: join(root, "node_modules/yaml/browser/index.js") } },
    external: ["#runtime", ...Object.keys(peerDependencies)],
    plugins: [builtins, unusedParts],
    // Variables that switch features of undici. Deno would ask for permission to read them.
    transform: {
      define: {
        "process.env.JEST_WORKER_ID": "undefined",
        "process.env.UNDICI_NO_WASM_SIMD": '"1"',
      },
    },
    // `zitadel-idp/providers` is one file here. Only the build for browsers loads the code for writes on demand.
    checks: { ineffectiveDynamicImport: false },
    logLevel: "warn",
  };
  const bundle = await rolldown({
    ...options,
    // Without the paths of compiled files, which the package does not have.
    experimental: { attachDebugInfo: "none" },
    input: Object.fromEntries([...names, ...runtimes].map((name) => [name, toPath(name)])),
  });
  const { output } = await bundle.generate({
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "chunks/[name]-[hash].cjs",
    comments: false,
    codeSplitting: { groups: await createGroups(options, toPath) },
  });
  await bundle.close();
  for (const { fileName, code, isEntry, name, exports, moduleIds } of output) {
    const files = moduleIds.filter((id) => !id.startsWith("\0"));
    const isLibrary = files.length > 0 && files.every((id) => packageOf(id) !== undefined);
    write(join(root, commonJs, fileName), isLibrary ? await minify(code) : code);
    if (isEntry && names.includes(name)) {
      // The command exports only what its code that is loaded on demand shares with it.
      write(
        join(root, esModules, `${name}.js`),
        formatEsModule(name, name === command ? [] : exports),
      );
    }
  }
  chmodSync(join(root, bin["zitadel-idp"]), 0o755);
  return output.flatMap(({ moduleIds }) => moduleIds).filter((id) => !id.startsWith("\0"));
}

/**
 * The plugin that gets modules of Node.js by `process.getBuiltinModule`. esbuild turns a `require("node:http2")` that it finds in
 * CommonJS into an error at run time if it bundles an app as an ES module. node:sqlite, which Node.js 20 does not have, is never
 * loaded.
 */
const builtins = {
  name: "builtins",
  resolveId: (id) =>
    isBuiltin(id) && id !== "node:sqlite" ? { id: `\0builtin:${id}` } : undefined,
  load: (id) =>
    id.startsWith("\0builtin:")
      ? {
          code: `module.exports = globalThis.process?.getBuiltinModule?.("${id.slice("\0builtin:".length)}");`,
        }
      : undefined,
};

/**
 * The plugin that leaves out what undici's agent never runs here: its parser for processors with SIMD, which is no faster for responses
 * of an API, HTTP/2, and bodies that are forms or streams. That is an eighth of the package.
 */
const unusedParts = {
  name: "unused-parts",
  load: (id) =>
    /\/undici\/lib\/(?:llhttp\/llhttp_simd-wasm|dispatcher\/client-h2|web\/fetch\/body)\.js$/.test(
      id,
    )
      ? { code: "" }
      : undefined,
};

/** The parts that a first call loads one after another, each with the modules whose static imports belong to it. */
const steps = [
  { name: "json", modules: ["transport/json"] },
  { name: "grpc-web", modules: ["transport/grpc-web"] },
  { name: "grpc", modules: ["transport/grpc", "transport/http2/http2-session-manager"] },
  { name: "errors", modules: ["policy/errors/failure-code"] },
];

/**
 * Returns the groups of modules that become one file each. Without groups, rolldown makes a file for each combination of entries that
 * share code. The root entry then has 50 files, which take a process twice the time to load (`npm run bench`, Cold starts).
 *
 * - `core`: needed by the root entry, and by the runtimes that it loads. It must be a file of its own, because the root entry's
 *   other code loads a runtime by `#runtime`.
 * - `client`: the other modules of the root entry.
 * - `node`: the other modules of the runtime for Node.js.
 * - `transports`: the other modules that JSON and gRPC-web both need.
 * - the other modules of each step of a first call.
 * - the other modules of each library.
 */
async function createGroups(options, toPath) {
  const list = (modules) => listStaticModules(options, modules.map(toPath));
  const client = await list(["index"]);
  const [node, ...otherRuntimes] = await Promise.all(runtimes.map((runtime) => list([runtime])));
  const ofRuntimes = new Set([node, ...otherRuntimes].flat());
  const parts = await Promise.all(
    steps.map(async ({ name, modules }) => ({ name, modules: await list(modules) })),
  );
  const [json, grpcWeb] = parts;
  const groups = [
    { name: "core", modules: client.filter((id) => ofRuntimes.has(id)) },
    { name: "client", modules: client },
    { name: "node", modules: node },
    { name: "transports", modules: json.modules.filter((id) => grpcWeb.modules.includes(id)) },
    ...parts,
  ];
  const ownGroups = groups.map(({ name, modules }, index) => {
    const own = new Set(modules);
    return { name, priority: groups.length - index, test: (id) => own.has(id) };
  });
  const libraries = {
    name: (id) => packageOf(id)?.replace(/^@(.+)\//, "$1-"),
    debugName: "libraries",
    priority: 0,
    test: (id) => packageOf(id) !== undefined,
  };
  return [...ownGroups, libraries];
}

/** Lists the modules with code in a bundle of these files, without the modules that are imported on demand. */
async function listStaticModules(options, files) {
  const leaveOutDynamicImports = {
    name: "leave-out-dynamic-imports",
    resolveDynamicImport: (specifier) => ({ id: String(specifier), external: true }),
  };
  const plugins = [leaveOutDynamicImports, ...options.plugins];
  const bundle = await rolldown({ ...options, plugins, input: files });
  const { output } = await bundle.generate({ format: "cjs" });
  await bundle.close();
  return output.flatMap(({ modules }) =>
    Object.entries(modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : [])),
  );
}

/** Formats the ES module over the CommonJS file of an entry. The entry without exports is the command. */
function formatEsModule(name, exports) {
  const path = posix.relative(posix.dirname(`${esModules}/${name}`), `${commonJs}/${name}.cjs`);
  return exports.length === 0
    ? `#!/usr/bin/env node\nimport "${path}";\n`
    : `export {\n${exports
        .toSorted()
        .map((each) => `  ${each},\n`)
        .join("")}} from "${path}";\n`;
}

/** Returns the name of an entry: "./dist/node/policy/index.js" → "policy/index". */
function nameOf(folder, path) {
  return posix.relative(folder, path).replace(/\.js$/, "");
}

/** Minifies the code of a library. Our own code stays readable, for stack traces and debuggers. */
async function minify(code) {
  return (await transform(code, { minify: true, target: "node20", legalComments: "none" })).code;
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
