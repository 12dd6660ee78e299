import { isLegacyType } from "../../model/legacy-types.js";
import type { IdentityProvider } from "../../model/provider.js";
import { toEntryKey, toEntryName, isAbsent, toProviderKey } from "../desired/desired-entry.js";
import type { OwnEntry } from "../desired/desired-state.js";
import { describeProvider, formatIdWithDate } from "../labels.js";
import type { CurrentProviders } from "../read-current-providers.js";
import type { MatchResult } from "./match-result.js";
import { sort } from "../../../utils/sort.js";

/** Finds the provider of an entry by its id. */
export function findProviderById(
  id: string,
  entry: OwnEntry,
  { providers, instanceProviders, halfRemovedIdps }: CurrentProviders,
): MatchResult {
  const half = halfRemovedIdps.find((each) => each.id === id);
  if (half !== undefined) {
    return findHalfRemovedIdp(half, entry);
  }
  const { type } = entry;
  const provider = providers.find((each) => each.id === id);
  if (provider === undefined) {
    return instanceProviders.some((each) => each.id === id)
      ? {
          kind: "unclear",
          problem: `provider ${id} belongs to the instance: list it under instance to change or delete it, or name it here with { instance: true, id: "${id}", active: … } to activate or deactivate it`,
        }
      : { kind: "missing", problem: `there is no provider with the id ${id}` };
  }
  if (type === undefined || provider.type === type) {
    return { kind: "existing", provider };
  }
  const solutions = isLegacyType(provider.type)
    ? describeLegacySolutions(provider)
    : typeNeverChanges;
  const problem = `provider ${id} is of type ${provider.type}, not ${type}. ${solutions}`;
  return { kind: "unclear", problem };
}

/** Finds the rest of a half-removed legacy IDP for an absent entry, which may have the type that a migration gave the IDP. */
function findHalfRemovedIdp(half: IdentityProvider, { type }: OwnEntry): MatchResult {
  return isLegacyType(type) && type !== half.type
    ? {
        kind: "unclear",
        problem: `provider ${half.id} is of type ${half.type}, not ${type}. Only its legacy record is left, because DeleteProvider removes only the other record: give the entry the type ${half.type}, or none`,
      }
    : { kind: "existing", provider: half };
}

/** Finds the provider of an entry by its type and name, among the providers that no entry names by its id. */
export function findProviderByName(
  entry: OwnEntry,
  entries: readonly OwnEntry[],
  providers: readonly IdentityProvider[],
): MatchResult {
  const { type = "" } = entry;
  const name = toEntryName(entry);
  const sameName = providers.filter((each) => each.name === name);
  const [provider, ...others] = sameName.filter((each) => each.type === type);
  if (provider !== undefined) {
    return others.length === 0
      ? { kind: "existing", provider }
      : { kind: "unclear", problem: describeSameNamed(type, name, [provider, ...others]) };
  }
  if (isAbsent(entry)) {
    return { kind: "missing", problem: `there is no ${describeProvider(type, name)}` };
  }
  // The type in the file may have been changed by mistake. A provider of this name without an entry then shows the old type.
  const keys = new Set(entries.map(toEntryKey));
  const otherType = sameName.find((each) => name !== "" && !keys.has(toProviderKey(each)));
  return otherType === undefined ? { kind: "new" } : reportOtherType(otherType);
}

const typeNeverChanges =
  "ZITADEL cannot change the type, except from oidc to azureAd or google (migrate). To keep both, list the other one too; to replace it, list it as absent";

/** Reports a provider that has the name of an entry, but another type than the entry. */
function reportOtherType(provider: IdentityProvider): MatchResult {
  const { type, id } = provider;
  return {
    kind: "unclear",
    problem: isLegacyType(type)
      ? `there is a legacy IDP of this name (${type}, ${id}), and a second provider of the name would be added beside it. ${describeLegacySolutions(provider)}`
      : `there is a provider of this name of type ${type} (${id}). ${typeNeverChanges}`,
  };
}

/** Describes the ways to resolve a conflict between an entry and a legacy IDP. */
function describeLegacySolutions({ id, type }: IdentityProvider): string {
  const migrate =
    type === "legacyOidc"
      ? "To keep its id and the accounts of its users, migrate it to azureAd or google. "
      : "";
  return `${migrate}To replace it, list { absent: true, id: "${id}" } too; to keep both, give the new provider another name`;
}

/** Describes providers of the same type and name, and the ways to choose one. */
function describeSameNamed(
  type: string,
  name: string,
  providers: readonly IdentityProvider[],
): string {
  const sorted = sort(providers, (a, b) => Number(a.createdAt ?? 0) - Number(b.createdAt ?? 0));
  const [first, ...others] = sorted;
  const absent = others.map(({ id }) => `{ absent: true, id: "${id}" }`).join(", ");
  return `there are ${sorted.length} providers ${describeProvider(type, name)}: ${sorted.map(formatIdWithDate).join(", ")}. Two runs may have added it at the same time. Choose one, for example with id: "${first?.id}", and delete those that nobody uses, for example by listing ${absent}`;
}
