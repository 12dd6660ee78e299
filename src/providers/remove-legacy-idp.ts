import { checkProviderId } from "./argument-rules.js";
import { convertSingleProvider } from "./convert-provider.js";
import { isLegacyType } from "./model/legacy-types.js";
import type { Operation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { readRawIfExists } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/**
 * Removes a legacy IDP of the owner, or the half of it that DeleteProvider has left. ZITADEL also removes it from login policies,
 * and the links of users to it. Rejects a provider that is no longer a legacy IDP, because a migration has given it a new type
 * under the same id.
 */
export async function removeLegacyIdp(
  api: OwnerApi,
  id: string,
  operation: Operation,
): Promise<void> {
  checkProviderId(id);
  const raw = await readRawIfExists(api, id, operation.callOptions());
  const type = raw && (await convertSingleProvider(api, raw, operation)).type;
  if (type !== undefined && !isLegacyType(type)) {
    const message = `it is of type ${type} now, and no longer a legacy IDP`;
    throw new ProviderError({
      reason: "changed",
      about: `removal of legacy IDP ${id}`,
      problems: [{ path: [], message }],
    });
  }
  await api.removeLegacyIdp(id, operation.callOptions());
}
