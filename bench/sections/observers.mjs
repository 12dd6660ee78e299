// The cost of hooks and of OpenTelemetry. A client without an observer runs none of their code.
import { measureClients } from "../harness/rounds.mjs";
import { formatComparisons, createTasks } from "./side-by-side.mjs";

export const title = "Observers";

const peers = [
  { name: "ours, createIdpClient", peer: "facade" },
  { name: "with hooks", peer: "observed", observer: "hooks" },
  { name: "with withTelemetry, without an SDK", peer: "observed", observer: "otel" },
  { name: "with withTelemetry and an SDK", peer: "observed", observer: "sdk" },
].map((peer) => ({ ...peer, protocol: "grpc", port: "http2" }));

export async function run({ server, settings }) {
  const measured = await measureClients(title, {
    server,
    settings,
    peers,
    tasks: createTasks("get", "GetProviderByID"),
  });
  const intro =
    "gRPC on one connection. Hooks do nothing here; the SDK creates two spans for each call, and exports none.";
  return { ...measured, text: [intro, ...formatComparisons(measured, ["ours, createIdpClient"])] };
}
