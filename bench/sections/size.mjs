// The code that a browser loads, in bundles by rolldown and esbuild, minified and split; and the size of the package itself.
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { bundlers } from "../../tools/bundlers.mjs";
import { formatKilobytes, formatMegabytes } from "../harness/format.mjs";
import { bench, root } from "../harness/install.mjs";
import { logProgress } from "../harness/progress.mjs";
import { formatTable } from "../harness/format-table.mjs";

export const title = "Sizes";

const policy = { "zitadel-idp/policy": ["auth", "org", "withErrors", "withRetry"] };

/** The names that an app imports from each package. */
const bundles = {
  "ours: createIdpClient": { "zitadel-idp": ["createIdpClient"] },
  "ours: one service, gRPC-web, auth, retry, errors": {
    "zitadel-idp/management": ["createManagementClient"],
    "zitadel-idp/transport/grpc-web": ["createGrpcWebTransport"],
    ...policy,
  },
  "ours: one service, gRPC-web alone": {
    "zitadel-idp/management": ["createManagementClient"],
    "zitadel-idp/transport/grpc-web": ["createGrpcWebTransport"],
  },
  "ours: both services, JSON, auth, retry, errors": {
    "zitadel-idp/management": ["createManagementClient"],
    "zitadel-idp/admin": ["createAdminClient"],
    "zitadel-idp/transport/json": ["createJsonTransport"],
    ...policy,
  },
  "connect-web + generated code of both services": {
    "@connectrpc/connect": ["createClient"],
    "@connectrpc/connect-web": ["createGrpcWebTransport"],
    "#gen/zitadel/management_pb.js": ["ManagementService"],
    "#gen/zitadel/admin_pb.js": ["AdminService"],
  },
  "@zitadel/client/v1, both services, its web transport": {
    "@zitadel/client/v1": ["createManagementServiceClient", "createAdminServiceClient"],
    "@zitadel/client/web": ["createClientTransport"],
  },
};

export async function run() {
  const sizes = {};
  for (const [name, imports] of Object.entries(bundles)) {
    logProgress(`${title}: ${name}`);
    sizes[name] = await measureBundle(imports);
  }
  const tarball = measureTarball();
  return {
    sizes,
    tarball,
    text: [
      `Kilobytes (1,000 bytes) of JavaScript for a browser. Before the first call a page loads the entry and all that it imports
statically; each file is compressed alone. "gzip" is zlib's default level. \`import()\` loads the lazy files when a call needs them.`,
      sizeTable("rolldown, the bundler of Vite", sizes, ({ rolldown }) => rolldown),
      "esbuild keeps each source file in one chunk, so that a page loads more at once.",
      sizeTable("esbuild", sizes, ({ esbuild }) => esbuild),
      `The tarball that npm publishes has ${formatMegabytes(tarball.packed)} MB, and ${formatMegabytes(tarball.unpacked)} MB after unpacking.`,
    ],
  };
}

/** Formats the sizes of the bundles of one bundler. */
function sizeTable(bundler, sizes, ofBundler) {
  const rows = Object.entries(sizes).map(([name, each]) => {
    const { first, lazy } = ofBundler(each);
    const figures = [first.minified, first.gzip, first.gzip9].map(formatKilobytes);
    return [name, ...figures, lazy.files, formatKilobytes(lazy.gzip)];
  });
  return formatTable(
    [`KB, by ${bundler}`, "minified", "gzip", "gzip -9", "lazy files", "lazy, gzip"],
    rows,
  );
}

/**
 * Returns the sizes of a bundle by each bundler. The entry of the bundle uses the imported names, so that they are kept. It exports
 * nothing, because rolldown splits an entry with exports into more chunks than an app gets.
 */
async function measureBundle(imports) {
  const lines = Object.entries(imports).map(
    ([path, names]) => `import { ${names.join(", ")} } from "${path}";`,
  );
  const code = `${lines.join("\n")}\nglobalThis.use(${Object.values(imports).flat().join(", ")});`;
  const sizes = {};
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const { first, later } = await bundle({ code, folder: bench });
    sizes[bundler] = { all: sum([...first, ...later]), first: sum(first), lazy: sum(later) };
  }
  return sizes;
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

function sum(chunks) {
  const texts = chunks.map(({ text }) => Buffer.from(text));
  const total = (measure) => texts.reduce((bytes, text) => bytes + measure(text), 0);
  return {
    files: chunks.length,
    minified: total((text) => text.length),
    gzip: total((text) => gzipSync(text).length),
    gzip9: total((text) => gzipSync(text, { level: 9 }).length),
  };
}
