// `npm run size`: measures the code that a browser has to load, in bytes after gzip. Fails above a budget. Measures with rolldown and
// with esbuild, because apps are bundled with both.
// `--json` prints JSON, `--files NAME` lists the contents of one bundle.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "./build.mjs";
import { packageOf } from "./package-of.mjs";
import { bundlers } from "./bundlers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The imports of an app, the conditions of its runtime, and for each bundler the budget of the first load in KiB after gzip: 1 %
 * above the size at the time when the budget was set, so that growth is noticed.
 */
export const cases = {
  "both services over gRPC-web": {
    code: `import { createIdpClient } from "zitadel-idp"; globalThis.use(createIdpClient);`,
    conditions: ["browser"],
    budgets: { rolldown: 35.0, esbuild: 40.2 },
  },
  "one service over gRPC-web": {
    code: `import { createManagementClient } from "zitadel-idp/management";
import { auth, org, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
globalThis.use(createManagementClient, auth, org, withErrors, withRetry, createGrpcWebTransport);`,
    conditions: ["browser"],
    budgets: { rolldown: 30.9, esbuild: 35.5 },
  },
  "both services over JSON": {
    code: `import { createAdminClient } from "zitadel-idp/admin";
import { createManagementClient } from "zitadel-idp/management";
import { auth, org, withErrors, withRetry } from "zitadel-idp/policy";
import { createJsonTransport } from "zitadel-idp/transport/json";
globalThis.use(createAdminClient, createManagementClient, auth, org, withErrors, withRetry, createJsonTransport);`,
    conditions: ["browser"],
    budgets: { rolldown: 40.7, esbuild: 63.9 },
  },
  "createIdpClient in a worker (JSON)": {
    code: `import { createIdpClient } from "zitadel-idp"; globalThis.use(createIdpClient);`,
    conditions: ["workerd", "worker"],
    budgets: { rolldown: 41.4, esbuild: 48.4 },
  },
};

/**
 * Bundles one of the cases with each bundler. `first` is the code that the entry loads at once, `later` the code that it loads on
 * demand, and `builtins` are the modules of Node.js that it imports.
 */
export async function measure({ code, conditions }) {
  const sizes = {};
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const { first, later, builtins } = await bundle({ code, conditions, folder: root });
    sizes[bundler] = { first: sizeOf(first), later: sizeOf(later), builtins };
  }
  return sizes;
}

/** Adds up the sizes of chunks. Each is compressed alone, as a server does it. */
function sizeOf(chunks) {
  return {
    minified: sum(chunks.map(({ text }) => Buffer.byteLength(text))),
    gzip: sum(chunks.map(({ text }) => gzipSync(text).byteLength)),
    files: largestFirst(chunks.flatMap(({ files }) => Object.entries(files))),
  };
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

function formatKibibytes(bytes) {
  return (bytes / 1024).toFixed(1);
}

/** Prints the sizes of each case, and the contents of the first load by rolldown. */
function printReport(report) {
  console.log(
    "KiB (1,024 bytes) before the first call, after gzip; its budget; KiB that load later",
  );
  console.log("contents: KiB before the first call by rolldown, minified, without gzip");
  for (const [name, sizes] of Object.entries(report)) {
    console.log(`\n${name}`);
    for (const [bundler, { budget, first, later }] of Object.entries(sizes)) {
      const [now, atMost, rest] = [first.gzip, budget, later.gzip].map(formatKibibytes);
      const verdict = first.gzip <= budget ? "ok" : "TOO LARGE";
      console.log(`  ${bundler.padEnd(8)}  ${now}, budget ${atMost}: ${verdict}; later ${rest}`);
    }
    console.log(`  contents  ${formatContents(sizes.rolldown.first.files)}`);
  }
}

/** Formats the sizes of the packages and folders that have 2 KiB or more. */
function formatContents(files) {
  const groups = largestFirst(Object.entries(files).map(([file, bytes]) => [groupOf(file), bytes]));
  return Object.entries(groups)
    .filter(([, bytes]) => bytes >= 2 * 1024)
    .map(([group, bytes]) => `${group} ${formatKibibytes(bytes)}`)
    .join(", ");
}

/** Returns the package or folder of a file. */
function groupOf(file) {
  return packageOf(file) ?? /^dist\/(gen|src\/[^/]+)/.exec(file)?.[1] ?? file;
}

/** Prints the minified bytes of each file of the first load, in one column for each bundler. */
function printFiles(sizes) {
  const rows = {};
  for (const [bundler, { first }] of Object.entries(sizes)) {
    for (const [file, bytes] of Object.entries(first.files)) {
      rows[file] = { ...rows[file], [bundler]: bytes };
    }
  }
  console.table(rows);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values: options } = parseArgs({
    options: { json: { type: "boolean" }, files: { type: "string" } },
  });
  await build();
  const report = {};
  for (const [name, each] of Object.entries(cases)) {
    report[name] = await measure(each);
    for (const [bundler, size] of Object.entries(report[name])) {
      size.budget = each.budgets[bundler] * 1024;
    }
  }
  if (options.json) {
    console.log(JSON.stringify(report, null, 2));
  } else if (options.files === undefined) {
    printReport(report);
  } else if (options.files in report) {
    printFiles(report[options.files]);
  } else {
    console.table(Object.keys(report));
  }
  const sizes = Object.values(report).flatMap((each) => Object.values(each));
  process.exitCode = sizes.some(({ budget, first }) => first.gzip > budget) ? 1 : 0;
}
