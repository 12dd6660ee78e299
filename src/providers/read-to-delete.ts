import { isLegacyType } from "./model/legacy-types.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";
import { readToChange } from "./read-to-change.js";

/** Reads a provider in order to delete it. Throws a `ProviderError` for providers of another owner, and for legacy IDPs. */
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

/** Describes the ways to remove a legacy IDP. */
export function describeLegacyRemoval({ owner }: OwnerReads, id: string): string {
  const method = owner === "org" ? "management.removeOrgIDP" : "admin.removeIDP";
  return `list { absent: true, id: "${id}" } in a file for plan and apply, or call ${method}`;
}

/** Describes the deletion of a provider for error messages. */
export function describeDeletion(id: string): string {
  return `deletion of provider ${id}`;
}
