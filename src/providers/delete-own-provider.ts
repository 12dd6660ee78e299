import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../policy/errors/zitadel-error.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { ProviderError } from "./provider-error.js";
import { describeDeletion } from "./read-to-delete.js";

/** Deletes a provider with DeleteProvider, which leaves the legacy side of a migrated provider. */
export async function deleteOwnProvider(
  api: OwnerApi,
  { id, type }: IdentityProvider,
  operation: Operation,
): Promise<void> {
  try {
    await api.remove(id, operation.callOptions());
  } catch (cause) {
    if (isZitadelError(cause, Code.NotFound) && (await stillExists(api, id, operation))) {
      const message = `ZITADEL does not delete providers of type ${type}: it reports that the provider does not exist`;
      throw new ProviderError({
        reason: "not_expressible",
        about: describeDeletion(id),
        problems: [{ path: [], message }],
        cause,
      });
    }
    throw cause;
  }
}

async function stillExists(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    await api.get(id, operation.callOptions());
    return true;
  } catch {
    return false;
  }
}
