// Bundles the public entries and the command into dist/node, for Node.js, Bun and Deno: with Connect and protobuf-es, and with the
// packages that users do not install.
//
// The modules that a first call needs stand in a few large files, one for each step: by default, a bundler makes a file for each
// combination of entries that share code, here more than a hundred. A process on one core imports `zitadel-idp` in 40 instead of
// 80 ms if the root entry is one file (time above that of an empty process, median of 9).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { rolldown } from "rolldown";

const folder = "dist/node";

/** The files that a first call loads one after another, each with the modules whose static imports belong into it. */
const steps = [
  { name: "client", modules: ["index.js"] },
  { name: "management", modules: ["services/management.js"] },
  { name: "admin", modules: ["services/admin.js"] },
  { name: "json", modules: ["transport/json.js"] },
  { name: "grpc-web", modules: ["transport/grpc-web.js"] },
  { name: "grpc", modules: ["transport/grpc.js", "transport/http2/http2-session-manager.js"] },
  { name: "errors", modules: ["policy/errors/to-zitadel-error.js"] },
];

/** Bundles dist/src into dist/node. Returns the files that the bundles consist of. */
export async function bundleForNode(root) {
  const { exports, bin, dependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const outputs = [
    ...Object.values(exports).flatMap(({ node }) => node ?? []),
    ...Object.values(bin),
  ];
  const names = outputs.map((path) => relative(folder, path).replace(/\.js$/, ""));
  const bundled = ["@bufbuild/protobuf", "@connectrpc/connect"];
  const external = Object.keys(dependencies).filter((name) => !bundled.includes(name));
  const source = (path) => join(root, "dist", "src", path);
  const options = {
    cwd: root,
    platform: "node",
    logLevel: "warn",
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    // Switches of undici. Deno would ask for permission to read them.
    transform: {
      define: {
        "process.env.JEST_WORKER_ID": "undefined",
        "process.env.UNDICI_NO_WASM_SIMD": "undefined",
      },
    },
  };
  const bundle = await rolldown({
    ...options,
    input: Object.fromEntries(names.map((name) => [name, source(`${name}.js`)])),
  });
  const { output } = await bundle.generate({
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    // Comments would double what Node.js has to read. The licenses stand in a file of their own.
    comments: { legal: false, annotation: false, jsdoc: false },
    codeSplitting: { groups: await assignModules(options, source) },
  });
  rmSync(join(root, folder), { recursive: true, force: true });
  for (const { fileName, code } of output) {
    const path = join(root, folder, fileName);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return output.flatMap(({ modules }) => Object.keys(modules).map((id) => relative(root, id)));
}

/** Returns the groups of modules, as rolldown expects them. A module that both services import gets a group of its own. */
async function assignModules(options, source) {
  const groups = [];
  const assigned = new Set();
  const all = await Promise.all(
    steps.map(({ modules }) => listStaticModules(options, modules.map(source))),
  );
  const list = steps.map(({ name }, index) => ({ name, modules: all[index] }));
  const [, management, admin] = all;
  list.splice(1, 0, { name: "messages", modules: management.filter((id) => admin.includes(id)) });
  for (const { name, modules } of list) {
    const own = new Set(modules.filter((id) => !assigned.has(id)));
    own.forEach((id) => assigned.add(id));
    groups.push({ name, test: (id) => own.has(id), priority: list.length - groups.length });
  }
  return groups;
}

/** Returns the modules that a bundle of these files consists of if it leaves out what is imported on demand. */
async function listStaticModules(options, files) {
  const bundle = await rolldown({
    ...options,
    input: files,
    plugins: [
      {
        name: "leave-out-dynamic-imports",
        resolveDynamicImport: (specifier) => ({ id: String(specifier), external: true }),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm" });
  return output.flatMap(({ modules }) =>
    Object.entries(modules).flatMap(([id, { renderedLength }]) =>
      renderedLength > 0 || files.includes(id) ? [id] : [],
    ),
  );
}
