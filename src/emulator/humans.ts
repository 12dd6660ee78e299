import type { Human, State } from "./state.js";

/** A human user of a seed, with the accounts at providers that the user has linked. */
export interface HumanSeed {
  id?: string;
  name: string;
  /** The organization that owns the user, by id or name. */
  organization: string;
  /** The linked accounts: the id of the provider, and the id and name of the user at the provider. */
  links?: { idp: string; userId: string; userName: string }[];
}

/** Adds a human user to an organization. Creating the user takes two events, and each link takes one. */
export function addHuman(
  state: State,
  { id = state.clock.newId(), name, links = [] }: HumanSeed,
  organization: string,
): void {
  if (state.humans.has(id)) {
    throw new TypeError(`seed: human ${name} has the id of another one`);
  }
  if (state.accounts.removedOrganizations.has(organization)) {
    throw new TypeError(`seed: human ${name}: the organization is removed`);
  }
  const human: Human = {
    id,
    organization,
    sequence: BigInt(2 + links.length),
    links: links.map(({ idp, userId, userName }) => ({ idpId: idp, userId, userName })),
  };
  state.humans.set(id, human);
}
