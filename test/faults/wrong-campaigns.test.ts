import { beforeAll, expect, test, vi } from "vitest";
import { type CampaignOptions, runCampaign } from "./campaign.js";
import { loadFailureParts } from "./load-failure-parts.js";
import { formatSummary } from "./summary.js";
import { type Violation, violations } from "./verdict.js";
import { wrongClients } from "./wrong-clients.js";
import { wrongBesides } from "./wrong-packages.js";

// Campaigns wait for deadlines and start processes, which takes long on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

beforeAll(loadFailureParts);

/** Runs a campaign with a planted mistake, and checks that it is found. */
async function expectFound(
  finds: readonly Violation[],
  options: Omit<CampaignOptions, "seed" | "protocols">,
): Promise<void> {
  const summary = await runCampaign({ seed: 7, protocols: ["json"], ...options });
  for (const violation of finds) {
    expect(
      summary.violations[violation],
      `${violations[violation]}\n${formatSummary(summary)}`,
    ).toBeGreaterThan(0);
  }
}

test.each(wrongClients)(
  "a client that $name is found out",
  async ({ make, finds, operations, conditions }) => {
    await expectFound(finds, { operations, workersPerWire: 12, makeClient: make, ...conditions });
  },
);

test.each(wrongBesides)("$name, is found out", async ({ finds, beside }) => {
  await expectFound(finds, { operations: 2, workersPerWire: 2, beside });
});
