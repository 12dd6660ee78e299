import { isProviderType } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import {
  type AbsentProvider,
  describeProvider,
  type DesiredProvider,
  isAbsent,
  splitEntry,
} from "./desired-state.js";
import { severalProvidersText } from "./labels.js";

/** The provider of an entry, or undefined if it has yet to be added. */
export type ProviderMatch = { readonly provider: IdentityProvider | undefined };
/** The reason why the provider of an entry is missing or ambiguous. */
export type MatchProblem = { readonly problem: string; readonly isMissing: boolean };

type Listed = DesiredProvider | AbsentProvider;

/** Finds a provider by its id, else by its type and name. */
export function findEntryProvider(
  desired: Listed,
  all: readonly Listed[],
  there: readonly IdentityProvider[],
): ProviderMatch | MatchProblem {
  const { id, type = "", name } = keyOf(desired);
  if (id !== undefined) {
    const provider = there.find((each) => each.id === id);
    return provider === undefined
      ? { problem: `there is no provider with the id ${id}`, isMissing: true }
      : type !== undefined && type !== "" && provider.type !== type
        ? {
            problem: `provider ${id} is of type ${provider.type}, not ${type}. ${typeNeverChanges}`,
            isMissing: false,
          }
        : { provider };
  }
  // Skip a provider that another entry names by its id.
  const taken = new Set(all.flatMap((each) => each.id ?? []));
  const named = there.filter((each) => each.name === name && !taken.has(each.id));
  const same = named.filter((each) => each.type === type);
  if (same.length > 1) {
    return { problem: severalProvidersText(type, name, same), isMissing: false };
  }
  if (same[0] !== undefined) {
    return { provider: same[0] };
  }
  if (isAbsent(desired)) {
    return { problem: `there is no ${describeProvider(type, name)}`, isMissing: true };
  }
  const other = named.find(
    (each) =>
      name !== "" &&
      isProviderType(each.type) &&
      !all.some((listed) => keyOf(listed).name === name && keyOf(listed).type === each.type),
  );
  return other === undefined
    ? { provider: undefined }
    : {
        problem: `there is a provider of this name of type ${other.type} (${other.id}). ${typeNeverChanges}`,
        isMissing: false,
      };
}

const typeNeverChanges =
  "ZITADEL cannot change the type, except from oidc to azureAd or google (migrate). To keep both, list the other one too; to replace it, list it as absent";

function keyOf(desired: Listed): { id?: string; type?: string; name: string } {
  const { id, type } = desired;
  const name = isAbsent(desired) ? (desired.name ?? "") : splitEntry(desired).name;
  return { name, ...(id !== undefined && { id }), ...(type !== undefined && { type }) };
}
