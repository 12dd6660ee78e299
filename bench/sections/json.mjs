// REST JSON over HTTP/1.1, with as many connections as a client opens.
import { measureClients } from "../harness/rounds.mjs";
import { formatComparisons, createTasks, formatMemory } from "./side-by-side.mjs";

export const title = "JSON";

const peers = [
  { name: "raw node:http", peer: "raw-http" },
  { name: "undici.request", peer: "undici" },
  { name: "global fetch", peer: "fetch" },
  { name: "ours, transport", peer: "transport", protocol: "json" },
  { name: "ours, createIdpClient", peer: "facade", protocol: "json" },
].map((peer) => ({ ...peer, port: "http1" }));

export async function run({ server, settings }) {
  const measured = await measureClients(title, {
    server,
    settings,
    peers,
    tasks: [
      ...createTasks("get", "GetProviderByID (GET)"),
      ...createTasks("add", "AddGenericOIDCProvider (POST)"),
    ],
  });
  const intro = `Raw node:http, undici and fetch send bodies that were encoded before. undici and fetch parse the response as JSON; only
ours convert it to messages.`;
  return {
    ...measured,
    text: [
      intro,
      ...formatComparisons(measured, ["raw node:http", "global fetch"]),
      formatMemory(measured),
    ],
  };
}
