import { isLegacyType } from "./model/legacy-types.js";
import type { Operation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { ProviderError } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";

/**
 * Removes a legacy IDP of the owner. ZITADEL also removes it from login policies, and the links of users to it. Rejects a provider
 * that is no longer a legacy IDP, because a migration has given it a new type under the same id.
 */
export async function removeLegacyIdp(
  api: OwnerApi,
  id: string,
  operation: Operation,
): Promise<void> {
  const { model } = await readOwnProvider(api, id, operation);
  if (!isLegacyType(model.type)) {
    const message = `it is of type ${model.type} now, and no longer a legacy IDP`;
    throw new ProviderError({
      reason: "changed",
      about: `removal of legacy IDP ${id}`,
      problems: [{ path: [], message }],
    });
  }
  await api.removeLegacyIdp(id, operation.callOptions());
}
