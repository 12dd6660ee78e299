// Compares the figures with their targets. Only measured figures are compared.
import { formatFactor, formatKilobytes, formatMegabytes } from "../harness/format.mjs";
import { formatTable } from "../harness/format-table.mjs";
import { connect, vendor } from "./cold.mjs";
import { fetchProgram } from "./first-call.mjs";
import { inFlight, rateRatio } from "./side-by-side.mjs";

export const title = "Targets";

const client = "ours, createIdpClient";

/** The functions that return the targets of a section for its result. */
const targetsOf = {
  grpc: ({ samples }) => {
    const rates = (peer, counts) => rateRatios(samples, "GetProviderByID", peer, counts);
    return [
      atLeast(0.75, "gRPC: calls/s to raw node:http2", rates("raw node:http2", [16])),
      atLeast(0.9, "gRPC: calls/s to node:http2 by hand", rates("node:http2 by hand", [16])),
      atLeast(2, "gRPC: calls/s to @grpc/grpc-js", rates("@grpc/grpc-js", [16])),
      atLeast(1, "gRPC: calls/s to @zitadel/node", rates("@zitadel/node", inFlight)),
      atLeast(1, "gRPC: calls/s to @zitadel/client", rates("@zitadel/client", inFlight)),
    ];
  },
  json: ({ samples }) =>
    ["GetProviderByID (GET)", "AddGenericOIDCProvider (POST)"].map((call) =>
      atLeast(
        2.5,
        `JSON: calls/s to global fetch, ${call}`,
        rateRatios(samples, call, "global fetch", [16, 128]),
      ),
    ),
  size: ({ sizes, tarball }) => [
    atMostKilobytes(
      36,
      "createIdpClient, before the first call",
      sizes["ours: createIdpClient"].rolldown.first,
    ),
    atMostKilobytes(90, "createIdpClient, all chunks", sizes["ours: createIdpClient"].rolldown.all),
    atMostKilobytes(
      28,
      "one service over gRPC-web, before the first call",
      sizes["ours: one service, gRPC-web, auth, retry, errors"].rolldown.first,
    ),
    atMostKilobytes(
      42,
      "both services over JSON, before the first call",
      sizes["ours: both services, JSON, auth, retry, errors"].rolldown.first,
    ),
    atMostMegabytes(1, "tarball", tarball.packed),
    atMostMegabytes(5, "tarball, unpacked", tarball.unpacked),
  ],
  cold: ({ ratioAboveEmpty }) => [
    atMost(0.25, `cold import to ${connect}`, ratioAboveEmpty("ours: import", connect)),
    atMost(0.15, `cold import to ${vendor}`, ratioAboveEmpty("ours: import", vendor)),
  ],
  "first-call": ({ ratioAboveEmpty }) =>
    [
      ["JSON", 0.6],
      ["gRPC-web", 0.6],
      ["gRPC", 0.8],
    ].map(([protocol, most]) =>
      atMost(
        most,
        `first call of a process over ${protocol} to ${fetchProgram}`,
        ratioAboveEmpty(`ours, ${protocol}`, fetchProgram),
      ),
    ),
};

/** Formats the targets of the measured sections as a table. `results` holds the result of each section by name. */
export function formatTargets(results) {
  const targets = Object.entries(targetsOf).flatMap(([section, list]) =>
    results[section] === undefined ? [] : list(results[section]),
  );
  return targets.length === 0
    ? "None for the measured sections."
    : formatTable(
        ["figure of createIdpClient", "target", "measured", ""],
        targets.map(({ figure, target, measured, isMet }) => [
          figure,
          target,
          measured,
          isMet ? "ok" : "not ok",
        ]),
      );
}

/** Returns the ratios of the calls per second of `createIdpClient` and a peer, one for each number of calls in flight. */
function rateRatios(samples, call, peer, counts) {
  return counts.map((count) => ({
    count,
    ratio: rateRatio(samples[`${call}, ${count} in flight`], client, peer),
  }));
}

/** Creates a target that each ratio must reach. */
function atLeast(least, figure, ratios) {
  return {
    figure,
    target: `≥ ${least}`,
    measured: ratios.map(({ count, ratio }) => `${formatFactor(ratio)} at ${count}`).join(", "),
    isMet: ratios.every(({ ratio }) => ratio >= least),
  };
}

function atMost(most, figure, ratio) {
  return { figure, target: `≤ ${most}`, measured: formatFactor(ratio), isMet: ratio <= most };
}

function atMostKilobytes(most, figure, { gzip }) {
  return {
    figure: `bundle by rolldown: ${figure}`,
    target: `≤ ${most} KB gzip`,
    measured: `${formatKilobytes(gzip)} KB`,
    isMet: gzip <= most * 1000,
  };
}

function atMostMegabytes(most, figure, bytes) {
  return {
    figure,
    target: `≤ ${most} MB`,
    measured: `${formatMegabytes(bytes)} MB`,
    isMet: bytes <= most * 1e6,
  };
}
