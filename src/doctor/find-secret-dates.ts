import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import { toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { findExpiringSecrets } from "../providers/plan/find-expiring-secrets.js";

/** Returns a finding for each secret of a desired state that has expired or expires within `withinMs` milliseconds. */
export function findSecretDates(desired: DesiredState, now: Date, withinMs: number): Finding[] {
  return toDesiredOwners(desired)
    .flatMap((owner) => findExpiringSecrets(owner, new Map(), now, withinMs))
    .map(({ fact, ...secret }) => ({
      ...secret,
      severity: "expires",
      check: "expiry/secret",
      message: fact,
    }));
}
