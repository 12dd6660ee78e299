// `npm run size`: measures what a browser has to load, in bytes after gzip, by the metadata of esbuild. Fails above a budget.
// `--json` prints JSON, `--files NAME` lists the contents of one bundle.
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { build } from "./build.mjs";

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

/** Bundles one of the cases. `first` is what the entry loads at once, `later` what it loads on a failure or on demand. */
export async function measure({ code, conditions }) {
  const { outputFiles, metafile } = await bundle({
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
  const [entry] = Object.keys(outputs).filter((path) => outputs[path].entryPoint === "<stdin>");
  const first = new Set();
  const follow = (path) => {
    if (!first.has(path)) {
      first.add(path);
      outputs[path].imports
        .filter(({ kind, external }) => kind === "import-statement" && !external)
        .forEach((each) => follow(each.path));
    }
  };
  follow(entry);
  const size = (paths) => {
    const all = paths.map((path) => texts.get(path) ?? "");
    return {
      minified: sum(all.map((text) => Buffer.byteLength(text))),
      gzip: sum(all.map((text) => gzipSync(text).byteLength)),
      files: inputsOf(outputs, paths),
    };
  };
  const paths = Object.keys(outputs);
  return {
    first: size([...first]),
    later: size(paths.filter((path) => !first.has(path))),
    builtins: paths.flatMap((path) =>
      outputs[path].imports.flatMap((each) => (each.external ? [each.path] : [])),
    ),
  };
}

function inputsOf(outputs, paths) {
  const bytes = {};
  for (const path of paths) {
    for (const [input, { bytesInOutput }] of Object.entries(outputs[path].inputs)) {
      bytes[input] = (bytes[input] ?? 0) + bytesInOutput;
    }
  }
  return Object.fromEntries(
    Object.entries(bytes)
      .filter(([, size]) => size > 0)
      .toSorted(([, a], [, b]) => b - a),
  );
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Groups files by package or folder for the report. */
function groups(files) {
  const grouped = {};
  for (const [file, bytes] of Object.entries(files)) {
    const [, name = file] =
      /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? /^dist\/(gen|src\/[^/]+)/.exec(file) ?? [];
    grouped[name] = (grouped[name] ?? 0) + bytes;
  }
  return Object.entries(grouped).toSorted(([, a], [, b]) => b - a);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  const report = {};
  for (const [name, each] of Object.entries(cases)) {
    report[name] = { budget: each.budget * 1024, ...(await measure(each)) };
  }
  const shown = process.argv[process.argv.indexOf("--files") + 1];
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(report, null, 2));
  } else if (process.argv.includes("--files")) {
    console.table(report[shown]?.first.files ?? Object.keys(report));
  } else {
    const kb = (bytes) => (bytes / 1024).toFixed(1);
    console.log(
      "KB before the first call (gzip / minified), budget, and KB that load later (gzip)",
    );
    for (const [name, { budget, first, later }] of Object.entries(report)) {
      const verdict = first.gzip <= budget ? "ok" : "TOO LARGE";
      console.log(
        `\n${name}: ${kb(first.gzip)} / ${kb(first.minified)}, budget ${kb(budget)}: ${verdict}; later ${kb(later.gzip)}`,
      );
      for (const [group, bytes] of groups(first.files)) {
        console.log(`  ${kb(bytes).padStart(6)}  ${group}`);
      }
    }
  }
  const failed = Object.values(report).some(({ budget, first }) => first.gzip > budget);
  process.exitCode = failed ? 1 : 0;
}
