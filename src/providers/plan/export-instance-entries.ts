import { sort } from "../../utils/sort.js";
import { collect } from "../../utils/collect.js";
import { listProviders } from "../list-providers.js";
import type { IdentityProvider } from "../model/provider.js";
import type { Operation } from "../operation.js";
import type { OwnerReads, PolicyLinks } from "../owner-reads.js";
import type { InstanceProvider } from "./desired/desired-state.js";

/**
 * Exports entries for the providers of the instance that the login policy of an organization offers, and for those that only the default
 * policy offers. `own` are the providers of the organization.
 */
export async function exportInstanceEntries(
  api: OwnerReads,
  { links }: PolicyLinks,
  own: readonly IdentityProvider[],
  operation: Operation,
  { ids }: { readonly ids: boolean },
): Promise<InstanceProvider[]> {
  const ownIds = new Set(own.map(({ id }) => id));
  const offered = new Set(links.map(({ idpId }) => idpId).filter((id) => !ownIds.has(id)));
  const byDefault = new Set(
    (await api.readDefaultPolicyLinks(operation.callOptions())).map(({ idpId }) => idpId),
  );
  if (offered.size + byDefault.size === 0) {
    return [];
  }
  const visible = await collect(listProviders(api, { owner: "instance" }, operation));
  const active = visible.filter(({ id }) => offered.has(id) || byDefault.has(id));
  return sort(active, (a, b) => (a.name + a.id < b.name + b.id ? -1 : 1)).map(({ id, name }) => {
    const isUnique = visible.filter((each) => each.name === name).length === 1;
    const needsId = ids || name.trim() === "" || !isUnique;
    return {
      instance: true,
      ...(needsId && { id }),
      ...(name.trim() !== "" && { name }),
      active: offered.has(id),
    };
  });
}
