// The cost of a fresh process before its first call: its total time, minus that of an empty process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cores, onCore } from "../harness/cores.mjs";
import { digits, percent, times } from "../harness/format.mjs";
import { bench } from "../harness/install.mjs";
import { say } from "../harness/progress.mjs";
import { median, ratio, shuffled, spread } from "../harness/stats.mjs";
import { table } from "../harness/table.mjs";

export const title = "Cold starts";

const make = `
  import { createIdpClient } from "zitadel-idp";
  const client = createIdpClient({ baseUrl: "https://acme.example", auth: "token" });`;

const empty = "an empty process";
const connect = "Connect + generated code, unbundled";
const vendor = "@zitadel/client/v1";

export const programs = {
  [empty]: "",
  "ours: import": `import "zitadel-idp";`,
  "ours: import, createIdpClient": make,
  "ours: import, createIdpClient, .management": `${make} client.management.getProviderByID;`,
  [connect]: `
    import "@connectrpc/connect";
    import "@connectrpc/connect-node";
    import "#gen/zitadel/management_pb.js";
    import "#gen/zitadel/admin_pb.js";`,
  [vendor]: `import "@zitadel/client/v1";`,
  "@zitadel/node": `import "@zitadel/node/dist/api/index.js";`,
  "@grpc/grpc-js": `import "@grpc/grpc-js";`,
};

export async function run({ run: { coldRuns, random } }) {
  const raw = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  // The first run fills the disk caches.
  for (let round = 0; round <= coldRuns; round++) {
    say(`${title}: run ${round} of ${coldRuns}`);
    for (const [name, code] of shuffled(Object.entries(programs), random)) {
      const ms = await timeOf(code);
      if (round > 0) {
        raw[name].push(ms);
      }
    }
  }
  const net = Object.fromEntries(
    Object.entries(raw).map(([name, runs]) => [
      name,
      runs.map((ms, round) => ms - raw[empty][round]),
    ]),
  );
  const rows = Object.keys(programs).map((name) => [
    name,
    digits(median(raw[name])),
    percent(spread(raw[name])),
    ...(name === empty
      ? ["–", "–", "–"]
      : [
          digits(median(net[name])),
          times(ratio(net[name], net[connect])),
          times(ratio(net[name], net[vendor])),
        ]),
  ]);
  const columns = ["process", "ms", "±", "ms above empty", "to Connect", `to ${vendor}`];
  return {
    raw,
    /** The time above that of an empty process, as a share of another program's. */
    share: (name, other) => ratio(net[name], net[other]),
    text: [
      `Median of ${coldRuns} processes each, in turn. The ratios are of the time above that of an empty process.`,
      table(columns, rows),
    ],
  };
}

async function timeOf(code) {
  const [command, ...args] = onCore(cores.client, [
    process.execPath,
    "--input-type=module",
    "--eval",
    code,
  ]);
  const start = performance.now();
  // Runs in bench/, where the package names are resolved.
  const child = spawn(command, args, { cwd: bench, stdio: ["ignore", "ignore", "inherit"] });
  const [status] = await once(child, "exit");
  if (status !== 0) {
    throw new Error(`a process ended with ${status}: ${code}`);
  }
  return performance.now() - start;
}
