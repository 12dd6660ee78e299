import { argumentProblems, id as idRule } from "./arguments.js";
import { modelOf } from "./list.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissing, type OwnerReads, type ReadProvider } from "./owner-reads.js";
import { ProviderError } from "./provider-error.js";

/** A provider that the owner owns. Never stale. */
export async function readOwn(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<{ read: ReadProvider; model: IdentityProvider }> {
  checkId(id);
  const read = await api.get(id, operation.call());
  return { read, model: await modelOf(api, operation)(read) };
}

/** The same, and from an organization also what the instance owns: only its list shows that, which trails writes. */
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

/** Rejects what is no id. */
export function checkId(id: unknown): void {
  const problems = argumentProblems("id", id, idRule);
  if (problems.length > 0) {
    throw new ProviderError({ reason: "invalid", about: "the id of a provider", problems });
  }
}
