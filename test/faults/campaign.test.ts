import { beforeAll, expect, test } from "vitest";
import { runCampaign } from "./campaign.js";
import { loadFailureParts } from "./load-failure-parts.js";
import { formatSummary, violationCount } from "./summary.js";

beforeAll(loadFailureParts);

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
