import { checkProviderId } from "./argument-rules.js";
import { convertSingleProvider } from "./convert-provider.js";
import { isLegacyType } from "./model/legacy-types.js";
import type { Operation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { readRawIfExists } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/**
 * Removes a legacy IDP of the owner, or the half of it that DeleteProvider has left. ZITADEL also removes its links to login policies
 * and users. Throws a `ProviderError` with the reason `changed` if a migration has given the id to a provider of another type.
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
