import { findArgumentProblems, idRule as idRule } from "./argument-rules.js";
import { createProviderConverter } from "./list-providers.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissingProvider, type OwnerReads, type RawProvider } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/** Reads a provider that the owner owns. Always current. */
export async function readOwnProvider(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<{ read: RawProvider; model: IdentityProvider }> {
  checkProviderId(id);
  const read = await api.get(id, operation.call());
  return { read, model: await createProviderConverter(api, operation)(read) };
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
      const { result } = await api.list({ id, owner: "instance" }, operation.call());
      if (result[0] !== undefined) {
        return await createProviderConverter(api, operation)(result[0]);
      }
    }
    throw error;
  }
}

/** Rejects a value that is not an id. */
export function checkProviderId(id: unknown): void {
  const problems = findArgumentProblems("id", id, idRule);
  if (problems.length > 0) {
    throw new ProviderError({ reason: "invalid", about: "the id of a provider", problems });
  }
}
