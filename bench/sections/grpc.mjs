// gRPC on one connection.
import { measureClients } from "../harness/rounds.mjs";
import { formatComparisons, createTasks, formatMemory } from "./side-by-side.mjs";

export const title = "gRPC";

const peers = [
  { name: "raw node:http2", peer: "raw-http2" },
  { name: "node:http2 by hand", peer: "plain-http2" },
  { name: "@grpc/grpc-js", peer: "grpc-js" },
  { name: "@zitadel/node", peer: "zitadel-node" },
  { name: "connect-node", peer: "connect-node" },
  { name: "@zitadel/client", peer: "zitadel-client" },
  { name: "ours, transport", peer: "transport", protocol: "grpc" },
  { name: "ours, createIdpClient", peer: "facade", protocol: "grpc" },
].map((peer) => ({ ...peer, port: "http2" }));

export async function run({ server, settings }) {
  const { connections: before } = (await server.request("counters")).http2;
  const measured = await measureClients(title, {
    server,
    settings,
    peers,
    tasks: createTasks("get", "GetProviderByID"),
  });
  const { connections: after } = (await server.request("counters")).http2;
  const intro = `Each client uses one connection: the server saw ${after - before} connections of ${peers.length} clients.
"Raw node:http2" sends bytes that were encoded before, and reads no messages. "node:http2 by hand" is the shortest client that sends
our headers, encodes and decodes the messages, and reads the trailers: the gap between the two is the price of any client.
@zitadel/node is nice-grpc over @grpc/grpc-js. "Ours, transport" is \`createGrpcTransport\` alone; \`createIdpClient\` adds
token, organization, retries and errors.`;
  return {
    ...measured,
    text: [
      intro,
      ...formatComparisons(measured, ["raw node:http2", "node:http2 by hand", "@grpc/grpc-js"]),
      formatMemory(measured),
    ],
  };
}
