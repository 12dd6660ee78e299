import { checkProviderId } from "./argument-rules.js";
import { convertSingleProvider } from "./convert-provider.js";
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
  return { raw, model: await convertSingleProvider(api, raw, operation) };
}

/**
 * Reads a provider that the owner sees. For an organization, this includes the providers of the instance, which come from a list that
 * lags behind writes.
 */
export async function readVisibleProvider(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider> {
  try {
    return (await readOwnProvider(api, id, operation)).model;
  } catch (error) {
    const inherited = await findInherited(api, id, error, operation);
    if (inherited !== undefined) {
      return inherited;
    }
    throw error;
  }
}

/** Returns the provider of the instance with this id, if `error` shows that the organization itself owns none. */
export async function findInherited(
  api: OwnerReads,
  id: string,
  error: unknown,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  if (api.owner === "instance" || !isMissingProvider(error)) {
    return undefined;
  }
  const { result } = await api.list({ id, owner: "instance" }, operation.callOptions());
  return result[0] && (await convertSingleProvider(api, result[0], operation));
}
