import type { IdentityProvider } from "../../providers/index.js";
import type { NamedOwner } from "../find-owners.js";
import type { OwnerProviders } from "./read-owners.js";

/** A provider with its owner. */
export interface OwnedProvider extends NamedOwner {
  readonly provider: IdentityProvider;
}

/** Returns the providers of all owners by their ids, each with the first owner that has it. */
export function indexProviders(
  owners: readonly OwnerProviders[],
): ReadonlyMap<string, OwnedProvider> {
  const byId = new Map<string, OwnedProvider>();
  for (const { providers, owner, name } of owners) {
    for (const provider of providers.filter(({ id }) => !byId.has(id))) {
      byId.set(provider.id, { owner, name, provider });
    }
  }
  return byId;
}
