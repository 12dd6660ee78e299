import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../policy/errors/zitadel-error.js";
import { isLegacyType } from "./model/legacy-types.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import type { OwnerReads } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";
import { readToChange } from "./read-to-change.js";

/** Reads a provider in order to delete it. Rejects providers of another owner, and legacy IDPs. */
export async function readToDelete(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider> {
  const about = describeDeletion(id);
  const { model } = await readToChange(api, id, about, operation);
  if (isLegacyType(model.type)) {
    const message = `it is a legacy IDP, which DeleteProvider removes only in part: ${describeLegacyRemoval(api, id)}`;
    throw new ProviderError({ reason: "read_only", about, problems: [{ path: [], message }] });
  }
  return model;
}

/** Deletes a provider by DeleteProvider, which leaves the legacy side of a migrated provider. */
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

/** Describes the ways to remove a legacy IDP. */
export function describeLegacyRemoval({ owner }: OwnerReads, id: string): string {
  const method = owner === "org" ? "management.removeOrgIDP" : "admin.removeIDP";
  return `list { absent: true, id: "${id}" } in a file for plan and apply, or call ${method}`;
}

/** Describes the deletion of a provider for error messages. */
export function describeDeletion(id: string): string {
  return `deletion of provider ${id}`;
}

async function stillExists(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    await api.get(id, operation.callOptions());
    return true;
  } catch {
    return false;
  }
}
