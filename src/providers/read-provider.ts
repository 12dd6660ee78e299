import { argumentProblems, id as idRule } from "./argument-rules.js";
import { modelOf } from "./list-providers.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissing, type OwnerReads, type ReadProvider } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/** Reads a provider that the owner owns. Always current. */
export async function readOwn(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<{ read: ReadProvider; model: IdentityProvider }> {
  checkId(id);
  const read = await api.get(id, operation.call());
  return { read, model: await modelOf(api, operation)(read) };
}

/**
 * Reads a provider that the owner sees. For an organization, this includes providers of the instance: only a list shows those,
 * and it lags behind writes.
 */
export async function readVisible(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider> {
  try {
    return (await readOwn(api, id, operation)).model;
  } catch (error) {
    if (api.owner === "org" && isMissing(error)) {
      const { result } = await api.list({ id, owner: "instance" }, operation.call());
      if (result[0] !== undefined) {
        return await modelOf(api, operation)(result[0]);
      }
    }
    throw error;
  }
}

/** Rejects a value that is not an id. */
export function checkId(id: unknown): void {
  const problems = argumentProblems("id", id, idRule);
  if (problems.length > 0) {
    throw new ProviderError({ reason: "invalid", about: "the id of a provider", problems });
  }
}
