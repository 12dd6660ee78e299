import { beforeAll, expect, test, vi } from "vitest";
import { type CampaignOptions, runCampaign } from "./campaign.js";
import { preloadFailureCode } from "./preload-failure-code.js";
import { formatSummary } from "./summary.js";
import { type Violation, violations } from "./find-violations.js";
import { wrongClients } from "./wrong-clients.js";
import { wrongBackgroundWork } from "./wrong-background-work.js";

// Campaigns wait for deadlines and start processes, which takes long on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

beforeAll(preloadFailureCode);

/** Runs a campaign with a planted mistake, and checks that the campaign finds it. */
async function expectFound(
  expected: readonly Violation[],
  options: Omit<CampaignOptions, "seed" | "protocols">,
): Promise<void> {
  const summary = await runCampaign({ seed: 7, protocols: ["json"], ...options });
  for (const violation of expected) {
    expect(
      summary.violations[violation],
      `${violations[violation]}\n${formatSummary(summary)}`,
    ).toBeGreaterThan(0);
  }
}

test.each(wrongClients)(
  "finds a client that $name",
  async ({ make, violations: expected, operations, conditions }) => {
    await expectFound(expected, {
      operations,
      workersPerWire: 12,
      makeClient: make,
      ...conditions,
    });
  },
);

test.each(wrongBackgroundWork)("finds $name", async ({ violations: expected, background }) => {
  await expectFound(expected, { operations: 2, workersPerWire: 2, background });
});
