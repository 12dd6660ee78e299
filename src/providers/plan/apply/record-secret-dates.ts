import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import { isDesiredProvider, splitEntry } from "../desired/desired-entry.js";
import type { ApplyState, KnownProvider } from "../state/apply-state.js";
import { recordProviders } from "../state/state-changes.js";
import type { StateJournal } from "../state/state-journal.js";
import type { OwnerActions } from "./recheck-plan.js";

/**
 * Records the dates of secrets in the desired state for the existing providers that no action updates. Writes nothing if the state
 * already has these dates. An update records its dates itself, after it has sent the secret.
 */
export async function recordSecretDates(
  owners: readonly OwnerActions[],
  journal: StateJournal,
): Promise<void> {
  const known = journal.current.providers;
  const records = Object.fromEntries(owners.flatMap((each) => listNewRecords(each, known)));
  if (Object.keys(records).length > 0) {
    await journal.change((state) => recordProviders(state, records));
  }
}

function listNewRecords(
  { desiredOwner: { owner, desired }, settled }: OwnerActions,
  known: ApplyState["providers"],
): [string, KnownProvider][] {
  return desired.providers.filter(isDesiredProvider).flatMap((entry) => {
    const id = settled.get(entry)?.id;
    const { settings, name, secretDates } = splitEntry(entry);
    if (id === undefined) {
      return [];
    }
    const { secretDates: before, ...record } = known[id] ?? {
      made: false,
      owner,
      type: settings.type,
      name,
      at: new Date().toISOString(),
      fingerprints: {},
    };
    return isDeepEqual(before, secretDates)
      ? []
      : [[id, { ...record, ...(secretDates && { secretDates }) }]];
  });
}
