// The growth of the cost with calls in flight, with the length of lists, and with clients that share a connection.
import { listSizes } from "../requests.mjs";
import {
  formatFactor,
  formatInteger,
  formatMilliseconds,
  formatSignificant,
} from "../harness/format.mjs";
import { measureClients } from "../harness/rounds.mjs";
import { median, ratio, valuesOf } from "../harness/stats.mjs";
import { formatTable } from "../harness/format-table.mjs";

export const title = "How cost grows";

export async function run({ server, settings }) {
  // Slopes need fewer rounds than ratios.
  const context = {
    server,
    settings: { ...settings, rounds: Math.ceil((settings.rounds * 2) / 3) },
  };
  const parts = {
    "in flight": await callsInFlight(context),
    lists: await lists(context),
    organizations: await organizations(context),
  };
  return {
    samples: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.samples])),
    text: Object.values(parts).map(({ text }) => text),
  };
}

async function callsInFlight({ server, settings }) {
  const counts = [1, 10, 100, 1000];
  const peers = [
    { name: "ours", peer: "facade", protocol: "grpc", port: "http2" },
    { name: "connect-node", peer: "connect-node", port: "http2" },
    { name: "grpc-js", peer: "grpc-js", port: "http2" },
  ];
  const { samples } = await measureClients("calls in flight", {
    server,
    settings,
    peers,
    tasks: counts.map((inFlight) => ({ name: String(inFlight), call: "get", inFlight })),
  });
  const columns = peers.flatMap(({ name }) => [
    `${name}: calls/s`,
    "CPU µs/call",
    "p50 ms",
    "p99 ms",
  ]);
  const rows = Object.entries(samples).map(([count, byPeer]) => [
    formatInteger(count),
    ...Object.values(byPeer).flatMap((rounds) => [
      formatInteger(median(valuesOf(rounds, "rate"))),
      formatSignificant(median(valuesOf(rounds, "cpuUs"))),
      formatMilliseconds(median(valuesOf(rounds, "p50Us"))),
      formatMilliseconds(median(valuesOf(rounds, "p99Us"))),
    ]),
  ]);
  return {
    samples,
    text: `### Calls in flight, gRPC on one connection

The server takes 250 streams at a time, as ZITADEL does; clients queue the rest. Ours is \`createIdpClient\`.

${formatTable(["in flight", ...columns], rows)}`,
  };
}

async function lists({ server, settings }) {
  const peers = [
    { name: "ours, gRPC", peer: "facade", protocol: "grpc", port: "http2" },
    { name: "connect-node", peer: "connect-node", port: "http2" },
    { name: "ours, JSON", peer: "facade", protocol: "json", port: "http1" },
    { name: "fetch + fromJson", peer: "fetch", port: "http1" },
  ];
  const { samples } = await measureClients("lists", {
    server,
    settings,
    peers,
    tasks: listSizes.map((size) => ({
      name: String(size),
      call: "list",
      argument: size,
      inFlight: 1,
    })),
  });
  const pairs = [
    ["ours, gRPC", "connect-node"],
    ["ours, JSON", "fetch + fromJson"],
  ];
  const rows = Object.entries(samples).map(([size, byPeer]) => [
    formatInteger(size),
    ...pairs.flatMap(([own, other]) => {
      const [ownUs, otherUs] = [valuesOf(byPeer[own], "p50Us"), valuesOf(byPeer[other], "p50Us")];
      return [
        formatMilliseconds(median(ownUs)),
        formatMilliseconds(median(otherUs)),
        formatFactor(ratio(ownUs, otherUs)),
        formatSignificant(median(valuesOf(byPeer[own], "cpuUs")) / Number(size)),
      ];
    }),
  ]);
  const columns = pairs.flatMap(([own, other]) => [
    `${own}: ms`,
    `${other}: ms`,
    "ratio",
    `${own}: CPU µs/result`,
  ]);
  return {
    samples,
    text: `### Lists: ListProviders, one call at a time\n\n${formatTable(["results", ...columns], rows)}`,
  };
}

async function organizations({ server, settings }) {
  const counts = [1, 10, 100, 1000];
  const clientName = (count) => `${count} organizations`;
  const { connections: before } = (await server.request("counters")).http2;
  const { samples, about } = await measureClients("organizations", {
    server,
    settings,
    peers: counts.map((count) => ({
      name: clientName(count),
      peer: "organizations",
      port: "http2",
      organizations: count,
    })),
    tasks: [{ name: "get", call: "get", inFlight: 16 }],
  });
  const { connections: after } = (await server.request("counters")).http2;
  if (after - before !== counts.length) {
    throw new Error(
      `clients of organizations opened ${after - before} connections in ${counts.length} processes`,
    );
  }
  const rows = counts.map((count) => [
    formatInteger(count),
    formatInteger(median(valuesOf(samples.get[clientName(count)], "rate"))),
    formatSignificant(median(valuesOf(samples.get[clientName(count)], "cpuUs"))),
    "1",
    formatSignificant(about[clientName(count)].usPerClient),
    // The heap of one or ten clients is too small to measure among everything else.
    count < 100 ? "–" : formatInteger(about[clientName(count)].bytesPerClient),
  ]);
  const columns = [
    "organizations",
    "calls/s",
    "CPU µs/call",
    "connections",
    "withOrg µs/client",
    "withOrg bytes/client",
  ];
  return {
    samples: { ...samples, about },
    text: `### Organizations that share one connection: withOrg, gRPC, 16 calls in flight

${formatTable(columns, rows)}`,
  };
}
