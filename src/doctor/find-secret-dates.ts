import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import { toDesiredOwners } from "../providers/plan/desired/desired-state.js";
import { findExpiringSecrets } from "../providers/plan/find-expiring-secrets.js";

/** Returns a finding for each secret of a desired state whose date is within a time, or past. */
export function findSecretDates(desired: DesiredState, now: Date, withinMs: number): Finding[] {
  return toDesiredOwners(desired)
    .flatMap((owner) => findExpiringSecrets(owner, new Map(), now, withinMs))
    .map(({ owner, provider, field, expiresAt, message }) => {
      const [fact = "", fix = ""] = message.split(": ");
      return {
        severity: "expires",
        check: "expiry/secret",
        owner,
        provider,
        field,
        message: fact,
        fix,
        expiresAt,
      };
    });
}
