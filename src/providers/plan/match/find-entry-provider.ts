import { isProviderType } from "../../model/field-specs.js";
import type { IdentityProvider } from "../../model/provider.js";
import { entryKey, entryName, isAbsent, providerKey } from "../desired/desired-entry.js";
import type { DesiredEntry } from "../desired/desired-state.js";
import { describeProvider, idWithDate } from "../labels.js";
import type { MatchResult } from "./match-result.js";
import { sort } from "../../../utils/sort.js";

/** Finds the provider of an entry by its id. */
export function findProviderById(
  id: string,
  { type }: DesiredEntry,
  providers: readonly IdentityProvider[],
): MatchResult {
  const provider = providers.find((each) => each.id === id);
  if (provider === undefined) {
    return { kind: "missing", problem: `there is no provider with the id ${id}` };
  }
  // An absent entry may leave its type out, or give an empty one.
  return !type || provider.type === type
    ? { kind: "existing", provider }
    : {
        kind: "unclear",
        problem: `provider ${id} is of type ${provider.type}, not ${type}. ${typeNeverChanges}`,
      };
}

/** Finds the provider of an entry by its type and name, among the providers that no entry names by its id. */
export function findProviderByName(
  entry: DesiredEntry,
  entries: readonly DesiredEntry[],
  providers: readonly IdentityProvider[],
): MatchResult {
  const { type = "" } = entry;
  const name = entryName(entry);
  const sameName = providers.filter((each) => each.name === name);
  const [provider, ...others] = sameName.filter((each) => each.type === type);
  if (provider !== undefined) {
    return others.length === 0
      ? { kind: "existing", provider }
      : { kind: "unclear", problem: severalProvidersText(type, name, [provider, ...others]) };
  }
  if (isAbsent(entry)) {
    return { kind: "missing", problem: `there is no ${describeProvider(type, name)}` };
  }
  // The type may have been changed in the file by mistake: then another provider of this name belongs to no entry.
  const keys = new Set(entries.map(entryKey));
  const otherType = sameName.find(
    (each) => name !== "" && isProviderType(each.type) && !keys.has(providerKey(each)),
  );
  return otherType === undefined
    ? { kind: "new" }
    : {
        kind: "unclear",
        problem: `there is a provider of this name of type ${otherType.type} (${otherType.id}). ${typeNeverChanges}`,
      };
}

const typeNeverChanges =
  "ZITADEL cannot change the type, except from oidc to azureAd or google (migrate). To keep both, list the other one too; to replace it, list it as absent";

/** Describes providers of the same type and name, and the ways to choose one. */
function severalProvidersText(
  type: string,
  name: string,
  providers: readonly IdentityProvider[],
): string {
  const sorted = sort(providers, (a, b) => Number(a.createdAt ?? 0) - Number(b.createdAt ?? 0));
  const [first, ...others] = sorted;
  const absent = others.map(({ id }) => `{ absent: true, id: "${id}" }`).join(", ");
  return `there are ${sorted.length} providers ${describeProvider(type, name)}: ${sorted.map(idWithDate).join(", ")}. Two runs may have added it at the same time. Choose one, for example with id: "${first?.id}", and delete those that nobody uses, for example by listing ${absent}`;
}
