import { beforeAll, expect, test } from "vitest";
import { runCampaign } from "./campaign.js";
import { preloadFailureCode } from "./preload-failure-code.js";
import { formatSummary, countViolations } from "./summary.js";

beforeAll(preloadFailureCode);

test("the client loses no write, repeats no add, and reports only correct outcomes under faults on all wire protocols", async () => {
  const summary = await runCampaign({
    seed: 7,
    operations: 270,
    workersPerWire: 6,
    roundLength: 5,
    disruptionEvery: 12,
  });
  expect(countViolations(summary), formatSummary(summary)).toBe(0);
  // Rules out two trivial campaigns: one without faults, and one in which every call fails.
  const injected = Object.values(summary.faults).reduce((sum, each) => sum + each, 0);
  expect(injected).toBeGreaterThan(40);
  const succeeded = Object.values(summary.wires).reduce(
    (sum, { outcomes }) => sum + (outcomes.success ?? 0),
    0,
  );
  expect(succeeded).toBeGreaterThan(summary.operations / 2);
  expect(summary.unknownDone).toBeGreaterThan(0);
  expect(summary.resolved.found).toBeGreaterThan(0);
  expect(summary.slowTokens + summary.slowInterceptors).toBeGreaterThan(0);
  expect(summary.overTls).toBeGreaterThan(0);
  expect(summary.applies?.runs).toBeGreaterThan(summary.applies?.processes ?? 0);
  expect(summary.applies?.processes).toBeGreaterThan(0);
  expect(summary.deletedPackages?.success).toBeGreaterThan(0);
  expect(summary.lostCreates?.found).toBeGreaterThan(0);
  expect(summary.lostCreates?.ambiguous).toBeGreaterThan(0);
  expect(summary.lostCreates?.withoutClock).toBeGreaterThan(0);
  // The campaign starts processes, which takes long on a busy machine.
}, 90_000);
