import { beforeAll, expect, test } from "vitest";
import { runCampaign } from "./campaign.js";
import { formatSummary, violationCount } from "./summary.js";
import { violations } from "./verdict.js";
import { wrongClients } from "./wrong-clients.js";
import { wrongBesides } from "./wrong-packages.js";

// Vitest translates the code that deals with failures when the first one asks for it, which would count as lateness.
beforeAll(async () => {
  await import("../../src/policy/errors/failure-code.js");
  await import("../../src/transport/grpc-failure.js");
  await import("../../src/transport/json-failure.js");
});

test("under faults on all wires nothing is lost, nothing is done twice, and nobody is told a wrong outcome", async () => {
  const summary = await runCampaign({
    seed: 7,
    operations: 270,
    workersPerWire: 6,
    roundLength: 5,
    disruptionEvery: 12,
  });
  expect(violationCount(summary), formatSummary(summary)).toBe(0);
  // Rules out the two easy cases: that nothing went wrong, or that everything failed.
  const struck = Object.values(summary.faults).reduce((sum, each) => sum + each, 0);
  expect(struck).toBeGreaterThan(40);
  const succeeded = Object.values(summary.wires).reduce(
    (sum, { outcomes }) => sum + (outcomes.success ?? 0),
    0,
  );
  expect(succeeded).toBeGreaterThan(summary.operations / 2);
  expect(summary.unknownDone).toBeGreaterThan(0);
  expect(summary.resolved.found).toBeGreaterThan(0);
  expect(summary.slowTokens + summary.slowInterceptors).toBeGreaterThan(0);
  expect(summary.overTls).toBeGreaterThan(0);
  expect(summary.teams?.runs).toBeGreaterThan(summary.teams?.processes ?? 0);
  expect(summary.teams?.processes).toBeGreaterThan(0);
  expect(summary.vanishing?.success).toBeGreaterThan(0);
  expect(summary.lostCreates?.found).toBeGreaterThan(0);
  expect(summary.lostCreates?.ambiguous).toBeGreaterThan(0);
  expect(summary.lostCreates?.withoutClock).toBeGreaterThan(0);
  // It starts processes, which take long on a busy machine.
}, 90_000);

test.each(wrongClients)(
  "a client that $name is found out",
  async ({ make, finds, operations, conditions }) => {
    const summary = await runCampaign({
      seed: 7,
      operations,
      protocols: ["json"],
      workersPerWire: 12,
      makeClient: make,
      ...conditions,
    });
    for (const violation of finds) {
      expect(
        summary.violations[violation],
        `${violations[violation]}\n${formatSummary(summary)}`,
      ).toBeGreaterThan(0);
    }
  },
);

test.each(wrongBesides)("$name, is found out", async ({ finds, beside }) => {
  const summary = await runCampaign({
    seed: 7,
    operations: 2,
    protocols: ["json"],
    workersPerWire: 2,
    beside,
  });
  for (const violation of finds) {
    expect(
      summary.violations[violation],
      `${violations[violation]}\n${formatSummary(summary)}`,
    ).toBeGreaterThan(0);
  }
});
