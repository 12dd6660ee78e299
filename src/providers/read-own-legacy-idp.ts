import { toLegacySide } from "./model/to-identity-provider.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { type OwnerReads, ownerTypes } from "./owner-reads.js";

/** Reads a legacy IDP of the owner as the legacy API shows it. Always current. Returns undefined if there is none. */
export async function readOwnLegacyIdp(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  const idp = await api.getLegacyIdp(id, operation.callOptions());
  return idp?.owner === ownerTypes[api.owner] ? toLegacySide(idp) : undefined;
}
