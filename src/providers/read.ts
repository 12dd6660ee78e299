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

/** An id is opaque, but a part of a path on one of the wires: what cannot be one would reach something else there. */
export function checkId(id: unknown): void {
  if (typeof id !== "string" || !/^[\w-]{1,200}$/.test(id)) {
    throw new ProviderError({
      reason: "invalid",
      about: "the id of a provider",
      problems: [{ path: ["id"], message: "must be 1 to 200 letters, digits, - or _" }],
    });
  }
}
