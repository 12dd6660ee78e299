// The growth of the cost with calls in flight, with the length of lists, and with clients that share a connection.
import { listSizes } from "../exchanges.mjs";
import { digits, milliseconds, times, whole } from "../harness/format.mjs";
import { measure } from "../harness/rounds.mjs";
import { median, ratio } from "../harness/stats.mjs";
import { table } from "../harness/table.mjs";

export const title = "How cost grows";

export async function run({ server, run: settings }) {
  // Slopes need fewer rounds than ratios.
  const context = { server, run: { ...settings, rounds: Math.ceil((settings.rounds * 2) / 3) } };
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

const of = (samples, key) => samples.map((sample) => sample[key]);

async function callsInFlight({ server, run: settings }) {
  const counts = [1, 10, 100, 1000];
  const peers = [
    { name: "ours", peer: "facade", protocol: "grpc", port: "http2" },
    { name: "connect-node", peer: "connect-node", port: "http2" },
    { name: "grpc-js", peer: "grpc-js", port: "http2" },
  ];
  const { samples } = await measure("calls in flight", {
    server,
    run: settings,
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
    whole(count),
    ...Object.values(byPeer).flatMap((rounds) => [
      whole(median(of(rounds, "rate"))),
      digits(median(of(rounds, "cpuUs"))),
      milliseconds(median(of(rounds, "p50Us"))),
      milliseconds(median(of(rounds, "p99Us"))),
    ]),
  ]);
  return {
    samples,
    text: `### Calls in flight, gRPC on one connection

The server takes 250 streams at a time, as ZITADEL does; clients queue the rest. Ours is \`createIdpClient\`.

${table(["in flight", ...columns], rows)}`,
  };
}

async function lists({ server, run: settings }) {
  const peers = [
    { name: "ours, gRPC", peer: "facade", protocol: "grpc", port: "http2" },
    { name: "connect-node", peer: "connect-node", port: "http2" },
    { name: "ours, JSON", peer: "facade", protocol: "json", port: "http1" },
    { name: "fetch + fromJson", peer: "fetch", port: "http1" },
  ];
  const { samples } = await measure("lists", {
    server,
    run: settings,
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
    whole(size),
    ...pairs.flatMap(([own, other]) => {
      const [ownUs, otherUs] = [of(byPeer[own], "p50Us"), of(byPeer[other], "p50Us")];
      return [
        milliseconds(median(ownUs)),
        milliseconds(median(otherUs)),
        times(ratio(ownUs, otherUs)),
        digits(median(of(byPeer[own], "cpuUs")) / Number(size)),
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
    text: `### Lists: ListProviders, one call at a time\n\n${table(["results", ...columns], rows)}`,
  };
}

async function organizations({ server, run: settings }) {
  const counts = [1, 10, 100, 1000];
  const nameOf = (count) => `${count} organizations`;
  const { connections: before } = (await server.ask("counters")).http2;
  const { samples, about } = await measure("organizations", {
    server,
    run: settings,
    peers: counts.map((count) => ({
      name: nameOf(count),
      peer: "organizations",
      port: "http2",
      organizations: count,
    })),
    tasks: [{ name: "get", call: "get", inFlight: 16 }],
  });
  const { connections: after } = (await server.ask("counters")).http2;
  if (after - before !== counts.length) {
    throw new Error(
      `clients of organizations opened ${after - before} connections in ${counts.length} processes`,
    );
  }
  const rows = counts.map((count) => [
    whole(count),
    whole(median(of(samples.get[nameOf(count)], "rate"))),
    digits(median(of(samples.get[nameOf(count)], "cpuUs"))),
    "1",
    digits(about[nameOf(count)].usPerClient),
    // The heap of one or ten clients is too small to measure among everything else.
    count < 100 ? "–" : whole(about[nameOf(count)].bytesPerClient),
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

${table(columns, rows)}`,
  };
}
