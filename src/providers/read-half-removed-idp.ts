import { toHalfRemovedProvider } from "./model/to-identity-provider.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { getIfExists, type OwnerReads, ownerTypes } from "./owner-reads.js";

/**
 * Reads a legacy IDP of the owner that DeleteProvider has removed in part: only the legacy API still has it. Always current.
 * Returns undefined if there is none.
 */
export async function readHalfRemovedIdp(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  const idp = await api.getLegacyIdp(id, operation.callOptions());
  if (idp?.owner !== ownerTypes[api.owner]) {
    return undefined;
  }
  const shown = await getIfExists(api, id, operation.callOptions());
  return shown === undefined ? toHalfRemovedProvider(idp) : undefined;
}
