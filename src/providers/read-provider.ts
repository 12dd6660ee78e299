import { checkProviderId } from "./argument-rules.js";
import { createProviderConverter } from "./convert-provider.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissingProvider, type OwnerReads, type RawProvider } from "./owner-reads.js";

/** A provider that the owner owns: as the server sent it, and in plain TypeScript. */
export interface OwnProvider {
  readonly raw: RawProvider;
  readonly model: IdentityProvider;
}

/** Reads a provider that the owner owns. Always current. */
export async function readOwnProvider(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<OwnProvider> {
  checkProviderId(id);
  const raw = await api.get(id, operation.callOptions());
  return { raw, model: await createProviderConverter(api, operation)(raw) };
}

/**
 * Reads a provider that the owner sees. For an organization, this includes providers of the instance: only a list shows those,
 * and it lags behind writes.
 */
export async function readVisibleProvider(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider> {
  try {
    return (await readOwnProvider(api, id, operation)).model;
  } catch (error) {
    if (api.owner === "org" && isMissingProvider(error)) {
      const { result } = await api.list({ id, owner: "instance" }, operation.callOptions());
      if (result[0] !== undefined) {
        return await createProviderConverter(api, operation)(result[0]);
      }
    }
    throw error;
  }
}
