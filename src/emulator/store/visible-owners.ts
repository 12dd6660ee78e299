import type { EmulatorState } from "./emulator-state.js";
import type { StoredOwner } from "./stored-owner.js";
import type { StoredProvider } from "./stored-provider.js";

/** Returns the owners whose providers the lists of `owner` show. An organization also sees the providers of the instance. */
export function listVisibleOwners(owner: StoredOwner, state: EmulatorState): StoredOwner[] {
  return owner === state.instance ? [owner] : [owner, state.instance];
}

/** Returns the provider with the id `id` of an owner or of the instance. */
export function findVisibleProvider(
  id: string,
  owner: StoredOwner,
  state: EmulatorState,
): StoredProvider | undefined {
  return owner.providers.get(id) ?? state.instance.providers.get(id);
}
