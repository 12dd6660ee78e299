// The code that a browser loads, in bundles by esbuild, minified and split; and the size of the package itself.
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { kilobytes, megabytes } from "../harness/format.mjs";
import { bench, root } from "../harness/install.mjs";
import { logProgress } from "../harness/progress.mjs";
import { table } from "../harness/table.mjs";

export const title = "Sizes";

const policy = `export { auth, org, withErrors, withRetry } from "zitadel-idp/policy";`;

/** The imports that an app needs from each package. Nothing is called, so only exports count as used. */
const bundles = {
  "ours: createIdpClient": `export { createIdpClient } from "zitadel-idp";`,
  "ours: one service, gRPC-web, auth, retry, errors": `
    export { createManagementClient } from "zitadel-idp/management";
    export { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
    ${policy}`,
  "ours: one service, gRPC-web alone": `
    export { createManagementClient } from "zitadel-idp/management";
    export { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";`,
  "ours: both services, JSON, auth, retry, errors": `
    export { createManagementClient } from "zitadel-idp/management";
    export { createAdminClient } from "zitadel-idp/admin";
    export { createJsonTransport } from "zitadel-idp/transport/json";
    ${policy}`,
  "connect-web + generated code of both services": `
    export { createClient } from "@connectrpc/connect";
    export { createGrpcWebTransport } from "@connectrpc/connect-web";
    export { ManagementService } from "#gen/zitadel/management_pb.js";
    export { AdminService } from "#gen/zitadel/admin_pb.js";`,
  "@zitadel/client/v1, both services, its web transport": `
    export { createManagementServiceClient, createAdminServiceClient } from "@zitadel/client/v1";
    export { createClientTransport } from "@zitadel/client/web";`,
};

export async function run() {
  const sizes = {};
  for (const [name, contents] of Object.entries(bundles)) {
    logProgress(`${title}: ${name}`);
    sizes[name] = await measureBundle(contents);
  }
  const rows = Object.entries(sizes).map(([name, { first, lazy }]) => [
    name,
    ...[first.minified, first.gzip, first.gzip9].map(kilobytes),
    lazy.files,
    kilobytes(lazy.gzip),
  ]);
  const columns = ["KB", "minified", "gzip", "gzip -9", "lazy files", "lazy, gzip"];
  const tarball = measureTarball();
  return {
    sizes,
    tarball,
    text: [
      `Kilobytes (1,000 bytes) of JavaScript for a browser. Before the first call a page loads the entry and all that it imports
statically; each file is compressed alone. "gzip" is zlib's default level. \`import()\` loads the lazy files when a call needs them.`,
      table(columns, rows),
      `The tarball that npm publishes has ${megabytes(tarball.packed)} MB, and ${megabytes(tarball.unpacked)} MB after unpacking.`,
    ],
  };
}

async function measureBundle(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: bench, sourcefile: "entry.mjs" },
    absWorkingDir: bench,
    outdir: "dist/bundle",
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
  });
  const outputs = Object.entries(metafile.outputs);
  const [entry] = outputs.find(([, { entryPoint }]) => entryPoint === "entry.mjs") ?? [];
  const first = new Set([entry]);
  for (const file of first) {
    for (const { path, kind } of metafile.outputs[file].imports) {
      if (kind === "import-statement") {
        first.add(path);
      }
    }
  }
  // esbuild lists the files in the order of its metafile.
  const files = outputs.map(([path], index) => ({ path, bytes: outputFiles[index].contents }));
  return {
    all: sum(files),
    first: sum(files.filter(({ path }) => first.has(path))),
    lazy: sum(files.filter(({ path }) => !first.has(path))),
  };
}

/** Returns the size of the package as npm publishes it, in bytes. */
function measureTarball() {
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["pack", "--dry-run", "--json", "--ignore-scripts"],
    { cwd: root, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (status !== 0) {
    throw new Error(`npm pack failed: ${stderr}`);
  }
  const [{ size, unpackedSize }] = JSON.parse(stdout);
  return { packed: size, unpacked: unpackedSize };
}

function sum(files) {
  const total = (measure) => files.reduce((bytes, file) => bytes + measure(file.bytes), 0);
  return {
    files: files.length,
    minified: total((bytes) => bytes.length),
    gzip: total((bytes) => gzipSync(bytes).length),
    gzip9: total((bytes) => gzipSync(bytes, { level: 9 }).length),
  };
}
