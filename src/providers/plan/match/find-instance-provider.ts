import { splitEntry, isDesiredProvider } from "../desired/desired-entry.js";
import type { DesiredEntry, InstanceProvider } from "../desired/desired-state.js";
import type { ActionProvider } from "../actions.js";
import { describeCandidate, describeIds } from "../labels.js";
import type { ApplyState } from "../state/apply-state.js";
import type { CurrentProviders } from "../read-current-providers.js";
import { type MatchResult } from "./match-result.js";

/** The result of the search for a provider of the instance: a union, discriminated by `kind`. */
type InstanceMatch =
  | Exclude<MatchResult, { readonly kind: "new" | "existing" }>
  /** The entry names this provider. It has no id if the same desired state adds it to the instance. */
  | { readonly kind: "named"; readonly provider: ActionProvider };

/** The providers that the same desired state adds to the instance. */
export interface InstanceAdds {
  /** The entries of the instance. */
  readonly instanceEntries: readonly DesiredEntry[];
  /** The records of the providers that earlier runs have added. */
  readonly known: ApplyState["providers"];
}

/**
 * Finds the provider of the instance that an entry of an organization names: by its id, else by its name among the providers whose id is
 * in no entry. An entry can name a provider that the same desired state adds to the instance.
 */
export function findInstanceProvider(
  { id, name = "" }: InstanceProvider,
  { providers, instanceProviders }: CurrentProviders,
  entries: readonly DesiredEntry[],
  { instanceEntries, known }: InstanceAdds,
): InstanceMatch {
  const idsInEntries = new Set(entries.map((entry) => entry.id));
  const found = instanceProviders.filter((each) =>
    id === undefined ? each.name === name && !idsInEntries.has(each.id) : each.id === id,
  );
  const [existing, ...others] = found;
  if (others.length > 0) {
    const problem = `several providers of the instance have the name ${JSON.stringify(name)}: ${found.map(describeCandidate).join(", ")}. Choose one by its id: ${describeIds(found)}`;
    return { kind: "unclear", problem };
  }
  if (existing !== undefined) {
    const { type } = existing;
    return {
      kind: "named",
      provider: { type, name: existing.name, id: existing.id, owner: "instance" },
    };
  }
  if (providers.some((each) => each.id === id)) {
    const problem = `provider ${id} belongs to the organization, and not to the instance: describe it with its type and fields`;
    return { kind: "unclear", problem };
  }
  const added = instanceEntries
    .filter(isDesiredProvider)
    .find((entry) => id === undefined && entry.id === undefined && splitEntry(entry).name === name);
  if (added === undefined) {
    const which = id === undefined ? `name ${JSON.stringify(name)}` : `id ${id}`;
    const isNamedById = id === undefined && instanceProviders.some((each) => each.name === name);
    const exception = isNamedById ? " that no other entry names by its id" : "";
    return {
      kind: "missing",
      problem: `the instance has no provider with the ${which}${exception}`,
    };
  }
  const { type } = added;
  // Lists may not show yet a provider that an earlier run has added.
  const [addedId] =
    Object.entries(known).find(
      ([, record]) =>
        record.owner.owner === "instance" && record.type === type && record.name === name,
    ) ?? [];
  const provider = { type, name, ...(addedId !== undefined && { id: addedId }) };
  return { kind: "named", provider: { ...provider, owner: "instance" } };
}
