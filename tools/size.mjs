// `npm run size`: measures what a browser has to load, in bytes after gzip, by the metadata of esbuild. Fails above a budget.
// `--json` prints JSON, `--files NAME` lists the contents of one bundle.
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { build, packageOf } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The imports of an app, the conditions of its bundler, and the budget before the first call in KiB. */
export const cases = {
  "both services over gRPC-web": {
    code: `import { createIdpClient } from "zitadel-idp"; globalThis.use(createIdpClient);`,
    conditions: ["browser"],
    budget: 32,
  },
  "one service over gRPC-web": {
    code: `import { createManagementClient } from "zitadel-idp/management";
import { auth, org, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
globalThis.use(createManagementClient, auth, org, withErrors, withRetry, createGrpcWebTransport);`,
    conditions: ["browser"],
    budget: 28,
  },
  "both services over JSON": {
    code: `import { createAdminClient } from "zitadel-idp/admin";
import { createManagementClient } from "zitadel-idp/management";
import { auth, org, withErrors, withRetry } from "zitadel-idp/policy";
import { createJsonTransport } from "zitadel-idp/transport/json";
globalThis.use(createAdminClient, createManagementClient, auth, org, withErrors, withRetry, createJsonTransport);`,
    conditions: ["browser"],
    budget: 37,
  },
  "createIdpClient in a worker (JSON)": {
    code: `import { createIdpClient } from "zitadel-idp"; globalThis.use(createIdpClient);`,
    conditions: ["workerd", "worker"],
    budget: 40,
  },
};

/**
 * Bundles one of the cases. `first` is the code that the entry loads at once, `later` the code that it loads on demand, and
 * `builtins` are the modules of Node.js that it imports.
 */
export async function measure({ code, conditions }) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents: code, resolveDir: root },
    absWorkingDir: root,
    outdir: "out",
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions,
    external: [...builtinModules, "node:*"],
    logLevel: "silent",
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path.slice(root.length), text]));
  const { outputs } = metafile;
  const paths = Object.keys(outputs);
  const first = loadedAtOnce(outputs);
  const later = paths.filter((path) => !first.includes(path));
  return {
    first: sizeOf(first, outputs, texts),
    later: sizeOf(later, outputs, texts),
    builtins: paths
      .flatMap((path) => outputs[path].imports)
      .filter(({ external }) => external)
      .map(({ path }) => path),
  };
}

/** Returns the paths of the entry and of all outputs that it imports statically. */
function loadedAtOnce(outputs) {
  const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === "<stdin>");
  const loaded = new Set([entry]);
  // A set visits the values that are added during the loop, too.
  for (const path of loaded) {
    for (const { kind, external, path: imported } of outputs[path].imports) {
      if (kind === "import-statement" && !external) {
        loaded.add(imported);
      }
    }
  }
  return [...loaded];
}

function sizeOf(paths, outputs, texts) {
  const contents = paths.map((path) => texts.get(path));
  return {
    minified: sum(contents.map((text) => Buffer.byteLength(text))),
    gzip: sum(contents.map((text) => gzipSync(text).byteLength)),
    files: largestFirst(paths.flatMap((path) => inputsOf(outputs[path]))),
  };
}

/** Returns pairs of a source file and its bytes in an output. */
function inputsOf({ inputs }) {
  return Object.entries(inputs).map(([file, { bytesInOutput }]) => [file, bytesInOutput]);
}

/** Adds up the bytes of pairs with the same name, and sorts them by bytes. */
function largestFirst(pairs) {
  const totals = {};
  for (const [name, bytes] of pairs) {
    totals[name] = (totals[name] ?? 0) + bytes;
  }
  const sorted = Object.entries(totals).toSorted(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.filter(([, bytes]) => bytes > 0));
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Returns the package or folder of a file. */
function groupOf(file) {
  return packageOf(file) ?? /^dist\/(gen|src\/[^/]+)/.exec(file)?.[1] ?? file;
}

function printReport(report) {
  const kb = (bytes) => (bytes / 1024).toFixed(1);
  console.log("KB before the first call (gzip / minified), budget, and KB that load later (gzip)");
  for (const [name, { budget, first, later }] of Object.entries(report)) {
    const verdict = first.gzip <= budget ? "ok" : "TOO LARGE";
    console.log(
      `\n${name}: ${kb(first.gzip)} / ${kb(first.minified)}, budget ${kb(budget)}: ${verdict}; later ${kb(later.gzip)}`,
    );
    const files = Object.entries(first.files).map(([file, bytes]) => [groupOf(file), bytes]);
    for (const [group, bytes] of Object.entries(largestFirst(files))) {
      console.log(`  ${kb(bytes).padStart(6)}  ${group}`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values: options } = parseArgs({
    options: { json: { type: "boolean" }, files: { type: "string" } },
  });
  await build();
  const report = {};
  for (const [name, each] of Object.entries(cases)) {
    report[name] = { budget: each.budget * 1024, ...(await measure(each)) };
  }
  if (options.json) {
    console.log(JSON.stringify(report, null, 2));
  } else if (options.files !== undefined) {
    console.table(report[options.files]?.first.files ?? Object.keys(report));
  } else {
    printReport(report);
  }
  const isTooLarge = Object.values(report).some(({ budget, first }) => first.gzip > budget);
  process.exitCode = isTooLarge ? 1 : 0;
}
