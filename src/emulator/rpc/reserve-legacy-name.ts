import { Code } from "@connectrpc/connect";
import { createServerError } from "../errors/server-error.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Reserves the name of a legacy IDP, which is unique within its owner regardless of case. Releases `previousName`. */
export function reserveLegacyName(
  owner: StoredOwner,
  id: string,
  name: string,
  previousName?: string,
): void {
  const key = name.toLowerCase();
  const holder = owner.legacyNames.get(key);
  if (holder !== undefined && holder !== id) {
    throw createServerError(Code.AlreadyExists, "V3-DKcYh", "Errors.IDPConfig.AlreadyExists");
  }
  if (previousName !== undefined) {
    owner.legacyNames.delete(previousName.toLowerCase());
  }
  owner.legacyNames.set(key, id);
}
