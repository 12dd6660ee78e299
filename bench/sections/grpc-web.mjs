// gRPC-web in Node.js.
import { measure } from "../harness/rounds.mjs";
import { comparison, memoryTable, tasksOf } from "./side-by-side.mjs";

export const title = "gRPC-web";

const peers = [
  { name: "connect-web", peer: "connect-web" },
  { name: "ours, transport", peer: "transport", protocol: "grpc-web" },
  { name: "ours, createIdpClient", peer: "facade", protocol: "grpc-web" },
].map((peer) => ({ ...peer, port: "http1" }));

export async function run({ server, run: settings }) {
  const measured = await measure(title, {
    server,
    run: settings,
    peers,
    tasks: tasksOf("get", "GetProviderByID"),
  });
  return { ...measured, text: [...comparison(measured, ["connect-web"]), memoryTable(measured)] };
}
