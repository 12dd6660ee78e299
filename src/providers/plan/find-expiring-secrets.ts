import { parseIsoDate } from "../../utils/parse-iso-date.js";
import type { IdentityProvider, SecretField } from "../model/provider.js";
import { defaultExpiryWarningMs } from "./default-expiry-warning-ms.js";
import { isDesiredProvider, splitEntry } from "./desired/desired-entry.js";
import type { DesiredEntry, DesiredOwner } from "./desired/desired-state.js";
import { secretDateFields } from "./desired/secret-dates.js";
import type { PlanWarning } from "./actions.js";
import { describeProvider } from "./labels.js";

/** A secret that expires soon or has expired, by its date in a desired state. */
interface ExpiringSecret extends Omit<PlanWarning, "message"> {
  /** The secret and its date, as a sentence. */
  readonly fact: string;
  readonly fix: string;
}

/** Returns a warning for each secret of an owner that has expired or expires within 30 days. `matched` has the providers of the entries. */
export function createExpiryWarnings(
  owner: DesiredOwner,
  matched: ReadonlyMap<DesiredEntry, IdentityProvider>,
  now: Date,
): PlanWarning[] {
  return findExpiringSecrets(owner, matched, now, defaultExpiryWarningMs).map(
    ({ fact, fix, ...warning }) => ({
      ...warning,
      message: `${fact}: ${fix}`,
    }),
  );
}

/** Returns the secrets of an owner that have expired or expire within `withinMs` milliseconds. `matched` has the providers of the entries. */
export function findExpiringSecrets(
  { owner, desired }: DesiredOwner,
  matched: ReadonlyMap<DesiredEntry, IdentityProvider>,
  now: Date,
  withinMs: number,
): ExpiringSecret[] {
  return desired.providers.filter(isDesiredProvider).flatMap((entry) => {
    const { settings, name, secretDates = {} } = splitEntry(entry);
    const { type } = settings;
    const id = matched.get(entry)?.id;
    return Object.entries(secretDates).flatMap(([secret, date]) => {
      const time = parseIsoDate(date ?? "");
      if (time === undefined || time.getTime() - now.getTime() > withinMs) {
        return [];
      }
      const field = secretDateFields[secret as SecretField];
      const verb = time.getTime() <= now.getTime() ? "expired" : "expires";
      return [
        {
          owner,
          provider: { type, name, ...(id !== undefined && { id }) },
          field,
          expiresAt: time.toISOString(),
          fact: `the ${secret} of ${describeProvider(type, name)} ${verb} on ${date}`,
          fix: `create a new one at the provider, then set ${secret} and ${field}`,
        },
      ];
    });
  });
}
