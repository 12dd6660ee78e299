import type { EmulatorState } from "./emulator-state.js";
import type { StoredOwner } from "./stored-owner.js";

/** Returns the owners whose providers the lists of `owner` show: an organization also sees those of the instance. */
export function visibleOwners(owner: StoredOwner, state: EmulatorState): StoredOwner[] {
  return owner === state.instance ? [owner] : [owner, state.instance];
}
