// REST JSON over HTTP/1.1, with as many connections as a client opens.
import { measure } from "../harness/rounds.mjs";
import { comparison, memoryTable, tasksOf } from "./side-by-side.mjs";

export const title = "JSON";

const peers = [
  { name: "raw node:http", peer: "raw-http" },
  { name: "undici.request", peer: "undici" },
  { name: "global fetch", peer: "fetch" },
  { name: "ours, transport", peer: "transport", protocol: "json" },
  { name: "ours, createIdpClient", peer: "facade", protocol: "json" },
].map((peer) => ({ ...peer, port: "http1" }));

export async function run({ server, run: settings }) {
  const measured = await measure(title, {
    server,
    run: settings,
    peers,
    tasks: [
      ...tasksOf("get", "GetProviderByID (GET)"),
      ...tasksOf("add", "AddGenericOIDCProvider (POST)"),
    ],
  });
  const intro = `Raw node:http, undici and fetch send bodies that were encoded before. undici and fetch parse the answer as JSON; only
ours make messages of it.`;
  return {
    ...measured,
    text: [
      intro,
      ...comparison(measured, ["raw node:http", "global fetch"]),
      memoryTable(measured),
    ],
  };
}
