import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { readRawIfExists, type OwnerReads } from "./owner-reads.js";
import { readOwnLegacyIdp } from "./read-own-legacy-idp.js";

/**
 * Reads a legacy IDP of the owner that DeleteProvider has removed only in part, so that only the legacy API still returns it. Always
 * current. Returns undefined if there is none.
 */
export async function readHalfRemovedIdp(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  const idp = await readOwnLegacyIdp(api, id, operation);
  const shown = idp && (await readRawIfExists(api, id, operation.callOptions()));
  return shown === undefined ? idp : undefined;
}
