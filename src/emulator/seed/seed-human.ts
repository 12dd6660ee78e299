import type { EmulatorState } from "../store/emulator-state.js";
import type { HumanUser } from "../store/human-user.js";
import type { HumanSeed } from "./emulator-seed.js";

/** Adds a human user to an organization. Creating the user takes two events, and each link takes one. */
export function seedHuman(
  state: EmulatorState,
  { id = state.clock.newId(), name, links = [] }: HumanSeed,
  organization: string,
): void {
  if (state.humans.has(id)) {
    throw new TypeError(`seed: two humans have the id ${id}`);
  }
  if (state.accounts.removedOrganizations.has(organization)) {
    throw new TypeError(`seed: human ${name}: the organization is removed`);
  }
  const human: HumanUser = {
    id,
    name,
    organization,
    sequence: BigInt(2 + links.length),
    links: links.map(({ idp, userId, userName }) => ({ idpId: idp, userId, userName })),
  };
  state.humans.set(id, human);
}
