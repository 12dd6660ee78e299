// `npm run test:peers`: runs clients of others against the emulator. Progress goes to standard error, the table to standard output.
import { parseArgs } from "node:util";
import { checkedByHand } from "./checked-by-hand.js";
import { compareWithDocs, writeDocs } from "./docs.js";
import { PeerNotAvailableError, type Peer } from "./peer.js";
import { bufCurls } from "./peers/buf-curl.js";
import { goClient } from "./peers/go-client.js";
import { grpcurl } from "./peers/grpcurl.js";
import { healthProbe } from "./peers/health-probe.js";
import { openidClient } from "./peers/openid-client.js";
import { pythonPeers } from "./peers/python.js";
import { startPeerEmulator } from "./peer-emulator.js";

const usage = `npm run test:peers -- OPTIONS
  --only ID,…           runs only these
  --allow-missing ID,…  accepts that these cannot be installed on this machine; otherwise that is a failure
  --write-docs          writes the table into docs/testing.md`;

/** The peers in the order of the table. */
const peers: readonly Peer[] = [
  grpcurl,
  ...bufCurls,
  healthProbe,
  openidClient,
  goClient,
  ...pythonPeers,
];

/** The result of a peer. */
interface Result {
  readonly peer: Peer;
  readonly status: "passed" | "FAILED" | "not run";
  /** The version, or the problem. */
  readonly detail: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      "allow-missing": { type: "string", default: "" },
      "write-docs": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [only, mayMiss] = [readIds(values.only), readIds(values["allow-missing"])];
  const unknown = [...only, ...mayMiss].filter((id) => peers.every((peer) => peer.id !== id));
  if (values.help || unknown.length > 0) {
    const problem = unknown.length > 0 ? `unknown: ${unknown.join(", ")}\n` : "";
    console.log(`${problem}${usage}\n  IDs: ${peers.map(({ id }) => id).join(", ")}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const results: Result[] = [];
  for (const peer of peers.filter(({ id }) => only.length === 0 || only.includes(id))) {
    results.push(await runPeer(peer));
  }
  const isComplete =
    results.length === peers.length && results.every(({ status }) => status === "passed");
  const failed = results.filter(
    ({ status, peer }) =>
      status === "FAILED" || (status === "not run" && !mayMiss.includes(peer.id)),
  );
  const table = formatTable(results);
  console.log(table);
  if (!isComplete) {
    if (values["write-docs"]) {
      console.error("docs/testing.md stays as it is, because not everything has run and passed");
    }
    return failed.length === 0 && !values["write-docs"] ? 0 : 1;
  }
  if (values["write-docs"]) {
    await writeDocs(table);
    return 0;
  }
  const problem = await compareWithDocs(table);
  if (problem !== undefined) {
    console.error(problem);
  }
  return problem === undefined ? 0 : 1;
}

async function runPeer(peer: Peer): Promise<Result> {
  const start = performance.now();
  const result = await tryPeer(peer);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const detail = result.status === "passed" ? "" : `: ${result.detail}`;
  console.error(`${result.status.padEnd(7)} ${peer.name} (${seconds} s)${detail}`);
  return result;
}

async function tryPeer(peer: Peer): Promise<Result> {
  try {
    await using peerEmulator = await startPeerEmulator();
    return { peer, status: "passed", detail: await peer.run(peerEmulator) };
  } catch (error) {
    return error instanceof PeerNotAvailableError
      ? { peer, status: "not run", detail: error.message }
      : { peer, status: "FAILED", detail: String(error) };
  }
}

/** Formats the results, and the rows of the clients that ran by hand, as a table in Markdown. */
function formatTable(results: readonly Result[]): string {
  const rows = results.map(
    ({ peer, status, detail }) =>
      `| ${peer.name} | ${status === "passed" ? detail.replaceAll(/\bv(?=\d)/g, "") : status} | ${peer.checks} |`,
  );
  const byHand = checkedByHand.map(
    ({ name, version, date, checks }) => `| ${name} | ${version} | by hand on ${date}: ${checks} |`,
  );
  return ["| tool | version | checked |", "| --- | --- | --- |", ...rows, ...byHand].join("\n");
}

function readIds(list: string): string[] {
  return list.split(",").filter((id) => id !== "");
}
