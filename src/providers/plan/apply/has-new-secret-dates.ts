import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import { sort } from "../../../utils/sort.js";
import { isDesiredProvider, splitEntry } from "../desired/desired-entry.js";
import type { DesiredOwner } from "../desired/desired-state.js";
import { isSameOwner } from "../owner.js";
import type { ApplyState, KnownProvider } from "../state/apply-state.js";

/** Returns true if the dates of secrets in the desired state of an owner differ from those in the state. */
export function hasNewSecretDates(
  { owner, desired }: DesiredOwner,
  { providers }: ApplyState,
): boolean {
  const wanted = desired.providers.filter(isDesiredProvider).map((entry) => {
    const { settings, name, secretDates } = splitEntry(entry);
    return { type: settings.type, name, secretDates };
  });
  const recorded = Object.values(providers).filter((each) => isSameOwner(each.owner, owner));
  return !isDeepEqual(toKeys(wanted), toKeys(recorded));
}

function toKeys(
  entries: readonly Pick<KnownProvider, "type" | "name" | "secretDates">[],
): string[] {
  const keys = entries.flatMap(({ type, name, secretDates }) =>
    secretDates === undefined ? [] : [JSON.stringify([type, name, secretDates])],
  );
  return sort(keys, (a, b) => (a < b ? -1 : 1));
}
