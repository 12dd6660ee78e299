import { Code } from "@connectrpc/connect";
import { serverError } from "../errors/server-error.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Reserves a name. Names of legacy IDPs are unique within their owner, regardless of case. */
export function reserveLegacyName(
  owner: StoredOwner,
  id: string,
  name: string,
  before?: string,
): void {
  const key = name.toLowerCase();
  const holder = owner.legacyNames.get(key);
  if (holder !== undefined && holder !== id) {
    throw serverError(Code.AlreadyExists, "V3-DKcYh", "Errors.IDPConfig.AlreadyExists");
  }
  if (before !== undefined) {
    owner.legacyNames.delete(before.toLowerCase());
  }
  owner.legacyNames.set(key, id);
}
