import { advice } from "../../../zitadel/advice-phrases.js";
import { optionText } from "../../../utils/option-text.js";
import { createProblem, ProviderError } from "../../provider-error.js";
import { isDesiredProvider, splitEntry } from "../desired/desired-entry.js";
import type { DesiredProvider, DesiredProviders } from "../desired/desired-state.js";

/** Returns the entry of a provider to add. */
export function findEntryByName(
  desired: DesiredProviders,
  type: string,
  name: string,
): DesiredProvider {
  return findEntry(desired, (entry) => entry.type === type && splitEntry(entry).name === name);
}

/** Returns the entry of an existing provider: the one with its id, or the one without an id that has its type and name. */
export function findEntryByIdOrName(
  desired: DesiredProviders,
  id: string,
  type: string,
  name: string,
): DesiredProvider {
  return findEntry(desired, (entry) =>
    entry.id === undefined
      ? entry.type === type && splitEntry(entry).name === name
      : entry.id === id,
  );
}

function findEntry(
  { providers }: DesiredProviders,
  isMatch: (entry: DesiredProvider) => boolean,
): DesiredProvider {
  const found = providers.find(
    (entry): entry is DesiredProvider => isDesiredProvider(entry) && isMatch(entry),
  );
  if (found === undefined) {
    const message = optionText`is in the plan, but not in ${advice.desiredState}`;
    throw new ProviderError({
      reason: "stale_plan",
      about: "a provider",
      problems: [createProblem([], message)],
    });
  }
  return found;
}
