// Builds dist/ if anything it is made from is newer. `node tools/build.mjs --force` builds in any case.
//
// dist/src, dist/gen   what tsc makes, with the dependencies outside: for bundlers, and for runtimes other than Node.js
// dist/node            the same bundled with Connect and protobuf-es, for Node.js: one file loads faster than two hundred
// dist/lazy            parts that are loaded when they are needed, each with its own copy of what it needs
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle, transform } from "esbuild";

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

/** Builds if needed; says so on standard error, because it takes a moment. Exits with 1 if the sources do not compile. */
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
  await shrinkGenerated();
  const bundled = [await bundleForNode(), await bundleLazyParts()];
  writeLicenses(new Set(bundled.flatMap(({ inputs }) => Object.keys(inputs))));
  writeFileSync(stamp, "");
}

/**
 * Generated code once more, by esbuild: its enums can be left out of a bundle, which tsc's cannot. And with descriptors as
 * text of one character a byte in the place of base64: what repeats in them goes on to repeat, and gzip makes half as much
 * of it.
 */
async function shrinkGenerated() {
  const names = readdirSync(join(root, "gen"), { recursive: true });
  for (const name of names.filter((each) => each.endsWith("_pb.ts"))) {
    const source = readFileSync(join(root, "gen", name), "utf8").replace(
      /fileDesc\("([A-Za-z0-9+/=]+)"/,
      (_, base64) =>
        `fileDesc(btoa(${JSON.stringify(Buffer.from(base64, "base64").toString("latin1"))})`,
    );
    const { code } = await transform(source, { loader: "ts", target: "es2022" });
    const path = join(root, "dist", "gen", name.replace(/\.ts$/, ".js"));
    writeFileSync(path, code);
    // It would point to lines of tsc's.
    rmSync(`${path}.map`);
  }
}

/** The public entries and the command, which share what is common to them. What few programs need stays outside. */
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
    sourcemap: true,
    logLevel: "warning",
    external: Object.keys(dependencies).filter((name) => !inside.has(name)),
    // undici is CommonJS, and asks for modules of Node.js.
    banner: {
      js: 'import { createRequire as zitadelIdpRequire } from "node:module"; const require = zitadelIdpRequire(import.meta.url);',
    },
  });
  return metafile;
}

/** Where the layers of a call tell each other something by the identity of an object, there must be one of each. */
const shared =
  /\/dist\/src\/(?:transport\/(?:evidence|abort|limits)|policy\/(?:call|zitadel-error))\.js$/;

/**
 * A bundler that splits code puts what two parts share into the part that is loaded first, file by file and not name by name:
 * the JSON codec would come with the first call of a client that never speaks JSON. So these have their own.
 */
async function bundleLazyParts() {
  const { metafile } = await bundle({
    entryPoints: {
      failures: "dist/src/failures.js",
      json: "dist/src/transport/json.js",
      observe: "dist/src/policy/observe.js",
    },
    absWorkingDir: root,
    outdir: "dist/lazy",
    // Beside the entries, so that what is shared has the same path from each.
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["browser"],
    target: "es2022",
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "shared",
        setup({ onResolve }) {
          // Not there yet: it is one of these parts.
          onResolve({ filter: /^#failures$/ }, () => ({
            path: join(root, "dist", "src", "failures.js"),
          }));
          onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
            const full = join(resolveDir, path);
            return shared.test(full)
              ? { path: relative(join(root, "dist", "lazy"), full), external: true }
              : undefined;
          });
        },
      },
    ],
  });
  return metafile;
}

/** The licenses of what was bundled travel with it. */
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
