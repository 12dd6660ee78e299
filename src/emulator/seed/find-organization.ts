import type { EmulatorState } from "../store/emulator-state.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Returns the organization with an id or name. Throws a TypeError that names `referrer` if there is none. */
export function findOrganization(
  state: EmulatorState,
  idOrName: string,
  referrer: string,
): StoredOwner {
  const found =
    state.organizations.get(idOrName) ??
    [...state.organizations.values()].find(({ name }) => name === idOrName);
  if (found === undefined) {
    throw new TypeError(
      `seed: ${referrer} names the organization ${idOrName}, which is not in the list of organizations`,
    );
  }
  return found;
}
