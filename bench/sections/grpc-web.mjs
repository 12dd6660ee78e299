// gRPC-web in Node.js.
import { measureClients } from "../harness/rounds.mjs";
import { formatComparisons, createTasks, formatMemory } from "./side-by-side.mjs";

export const title = "gRPC-web";

const peers = [
  { name: "connect-web", peer: "connect-web" },
  { name: "ours, transport", peer: "transport", protocol: "grpc-web" },
  { name: "ours, createIdpClient", peer: "facade", protocol: "grpc-web" },
].map((peer) => ({ ...peer, port: "http1" }));

export async function run({ server, settings }) {
  const measured = await measureClients(title, {
    server,
    settings,
    peers,
    tasks: createTasks("get", "GetProviderByID"),
  });
  return {
    ...measured,
    text: [...formatComparisons(measured, ["connect-web"]), formatMemory(measured)],
  };
}
