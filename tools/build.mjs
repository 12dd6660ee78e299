// Builds dist/ if any of its sources is newer. `node tools/build.mjs --force` always builds.
//
// - dist/src, dist/gen: the output of tsc with external dependencies, for bundlers and for runtimes other than Node.js
// - dist/node: the same code bundled with Connect and protobuf-es for Node.js; one file loads faster than two hundred
// - dist/lazy: the parts that are loaded on demand, each with its own copy of our code
// - dist/providers.schema.json: the JSON schema of the command's files, for editors
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist", ".built");
const sources = [
  "src",
  "gen",
  "examples",
  "tools/build.mjs",
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
  await compile();
  await writeSchema();
  const bundled = [await bundleForNode(), await bundleLazyParts()];
  writeLicenses(new Set(bundled.flatMap(({ inputs }) => Object.keys(inputs))));
  writeFileSync(stamp, "");
}

/** Writes the JSON schema of the command's files, for editors. */
async function writeSchema() {
  const { desiredSchema } = await import(
    pathToFileURL(join(root, "dist", "src", "providers", "plan", "schema.js")).href
  );
  const schema = `${JSON.stringify(desiredSchema(), null, 2)}\n`;
  writeFileSync(join(root, "dist", "providers.schema.json"), schema);
}

/** Compiles each file on its own. Bundlers can remove unused enums from esbuild's output, unlike from that of tsc. */
async function compile() {
  await bundle({
    entryPoints: ["src/**/*.ts", "gen/**/*.ts", "examples/**/*.ts"],
    absWorkingDir: root,
    outbase: ".",
    outdir: "dist",
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Bundles the public entries and the command, with shared chunks. Dependencies that few programs need stay external. */
async function bundleForNode() {
  const { exports: entries, dependencies } = packageJson();
  const files = Object.values(entries)
    .map(({ node }) => node)
    .filter(Boolean);
  const inside = new Set(["@bufbuild/protobuf", "@connectrpc/connect"]);
  const { metafile } = await bundle({
    entryPoints: Object.fromEntries(
      [...files, "./dist/node/cli/main.js"].map((file) => {
        const name = file.slice("./dist/node/".length, -".js".length);
        return [name, join("dist", "src", `${name}.js`)];
      }),
    ),
    absWorkingDir: root,
    outdir: "dist/node",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
    plugins: [importBuiltins],
    external: Object.keys(dependencies)
      .filter((name) => !inside.has(name))
      .flatMap((name) => [name, `${name}/*`]),
  });
  return metafile;
}

/**
 * Turns `require("node:…")` of CommonJS packages into an import, because ES modules have no `require`. The one for node:sqlite,
 * which Node.js 20 does not have, never runs.
 */
const importBuiltins = {
  name: "import-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "require-call" && isBuiltin(path) && path !== "node:sqlite"
        ? { path, namespace: "builtin" }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `import builtin from "${path}"; module.exports = builtin;`,
    }));
  },
};

/**
 * The parts that are loaded on demand, by the names of `imports` in package.json.
 *
 * A bundler that splits code moves code that two parts share into the part that is loaded first, file by file and not name by
 * name. Therefore each part has its own copy of our code, and finds shared state by global symbols. Parts with `alone` also have
 * a copy of protobuf-es, because its JSON codec would otherwise come with the first call of every client.
 */
const lazyParts = {
  failures: { file: "failures.js" },
  foreign: { file: "rest/foreign.js", alone: true },
  "grpc-web": { file: "transport/grpc-web.js" },
  json: { file: "transport/json.js", alone: true },
  "json-failure": { file: "transport/json-failure.js" },
  "json-stream": { file: "transport/json-stream.js" },
  observe: { file: "policy/observe/observe.js", alone: true },
  "token-source": { file: "auth/create-token-source.js" },
};

async function bundleLazyParts() {
  const built = Object.entries(lazyParts).map(async ([name, { file, alone = false }]) => {
    const { metafile } = await bundle({
      entryPoints: { [name]: join("dist", "src", file) },
      absWorkingDir: root,
      outdir: "dist/lazy",
      bundle: true,
      metafile: true,
      format: "esm",
      platform: "browser",
      conditions: ["browser"],
      target: "es2022",
      logLevel: "warning",
      minify: true,
      packages: alone ? "bundle" : "external",
      plugins: [
        {
          name: "lazy-parts",
          setup({ onResolve }) {
            onResolve({ filter: /^#/ }, ({ path }) => {
              const part = lazyParts[path.slice(1)];
              return part === undefined
                ? { path: join(root, "dist", "src", "transport", "http", "fetch.js") }
                : alone && !part.alone && part !== lazyParts.failures
                  ? { path: join(root, "dist", "src", part.file) }
                  : { path, external: true };
            });
          },
        },
      ],
    });
    return metafile;
  });
  const inputs = (await Promise.all(built)).map((metafile) => metafile.inputs);
  return { inputs: Object.assign({}, ...inputs) };
}

/** Writes the licenses of all bundled packages. */
function writeLicenses(files) {
  const names = new Set(
    [...files].flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
  );
  const texts = [...names].toSorted().map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const rule = `\n${"-".repeat(80)}\n\n`;
  writeFileSync(
    join(root, "dist", "THIRD-PARTY-LICENSES.txt"),
    `dist/node and dist/lazy hold parts of these packages.\n${rule}${texts.join(rule)}`,
  );
}

function packageJson() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
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
  await build({ force: process.argv.includes("--force") });
}
