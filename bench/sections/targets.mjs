// Compares the figures with their targets. Only measured figures are compared.
import { kilobytes, times } from "../harness/format.mjs";
import { table } from "../harness/table.mjs";
import { inFlight, rateRatio } from "./side-by-side.mjs";

export const title = "Targets";

const connect = "Connect + generated code, unbundled";
const clients = ["ours, transport", "ours, createIdpClient"];

/** Rows of name, target, measured figure, and result. */
function targets({ grpc, json, size, cold }) {
  return [
    ...(grpc === undefined ? [] : clients.flatMap((client) => grpcTargets(grpc, client))),
    ...(json === undefined ? [] : clients.flatMap((client) => jsonTargets(json, client))),
    ...(cold === undefined ? [] : coldTargets(cold)),
    ...(size === undefined ? [] : sizeTargets(size)),
  ].map(({ what, target, measured, isMet }) => [what, target, measured, isMet ? "ok" : "not ok"]);
}

export function targetTable(results) {
  const rows = targets(results);
  return rows.length === 0
    ? "None for what was measured."
    : table(["what", "target", "measured", ""], rows);
}

function grpcTargets({ samples }, client) {
  const against = (peer, counts, target, least) =>
    rates(
      `gRPC: ${client} / ${peer}`,
      samples,
      "GetProviderByID",
      client,
      peer,
      counts,
      target,
      least,
    );
  return [
    against("raw node:http2", inFlight, "≥ 0.75 (goal 0.85)", 0.75),
    against("@grpc/grpc-js", inFlight, "≥ 1.3", 1.3),
    against("@zitadel/node", inFlight, "> 1", 1),
    against("@zitadel/client", inFlight, "> 1", 1),
  ];
}

function jsonTargets({ samples }, client) {
  return ["GetProviderByID (GET)", "AddGenericOIDCProvider (POST)"].map((call) =>
    rates(
      `JSON: ${client} / global fetch, ${call}`,
      samples,
      call,
      client,
      "global fetch",
      [16, 128],
      "≥ 3",
      3,
    ),
  );
}

/** Checks ratios of calls per second, one for each number of calls in flight. Each must reach `least`. */
function rates(what, samples, call, client, peer, counts, target, least) {
  const ratios = counts.map((count) =>
    rateRatio(samples[`${call}, ${count} in flight`], client, peer),
  );
  return {
    what,
    target,
    measured: counts.map((count, index) => `${times(ratios[index])} at ${count}`).join(", "),
    isMet: ratios.every((each) => each >= least),
  };
}

function coldTargets({ share }) {
  const targetOf = (other, target, most) => {
    const measured = share("ours: import", other);
    return {
      what: `cold import / ${other}`,
      target,
      measured: times(measured),
      isMet: measured <= most,
    };
  };
  return [
    targetOf(connect, "≤ 0.4 (goal 0.1)", 0.4),
    targetOf("@zitadel/client/v1", "≤ 0.15", 0.15),
  ];
}

function sizeTargets({ sizes }) {
  const limits = {
    "ours: createIdpClient": 36,
    "ours: one service, gRPC-web, auth, retry, errors": 28,
    "ours: both services, JSON, auth, retry, errors": 42,
  };
  return Object.entries(limits).map(([name, limit]) => {
    const { gzip } = sizes[name].first;
    return {
      what: `${name.replace("ours: ", "bundle: ")}, before the first call`,
      target: `≤ ${limit} KB gzip`,
      measured: `${kilobytes(gzip)} KB`,
      isMet: gzip <= limit * 1000,
    };
  });
}
