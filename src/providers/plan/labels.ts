import { printable } from "../../utils/printable.js";
import type { IdentityProvider } from "../model/provider.js";
import type { ActionProvider } from "./actions.js";
import type { Owner } from "./owner.js";

/** Returns the label of a provider for people: its type and name. */
export function describeProvider(type: string, name: string): string {
  return name === "" ? type : `${type} ${printable(JSON.stringify(name))}`;
}

/** Returns the label of the provider of an action for people, with its id if it has one. */
export function describeActionProvider({ type, name, id, owner }: ActionProvider): string {
  const label = describeProvider(type, name);
  return `${label}${id === undefined ? "" : ` (${id})`}${owner === undefined ? "" : " of the instance"}`;
}

/** Returns the label of an owner for people. */
export function describeOwner({ owner, orgId }: Owner): string {
  return owner === "instance"
    ? "instance"
    : orgId === undefined
      ? "organization"
      : `organization ${orgId}`;
}

/** Returns a provider as its id and creation date. */
export function formatIdWithDate({
  id,
  createdAt,
}: {
  readonly id: string;
  readonly createdAt?: Date | undefined;
}): string {
  return createdAt === undefined ? id : `${id} (created ${createdAt.toISOString()})`;
}

/** Returns the label of a provider that an entry may mean, with its id and creation date. */
export function describeCandidate({ type, name, id, createdAt }: IdentityProvider): string {
  return `${describeProvider(type, name)} (${id}${createdAt === undefined ? "" : `, of ${createdAt.toISOString()}`})`;
}

/** Returns the ids of providers as a choice in the notation of a desired state: `id: "1" or id: "2"`. */
export function describeIds(candidates: readonly IdentityProvider[]): string {
  return [...new Set(candidates)].map(({ id }) => `id: ${JSON.stringify(id)}`).join(" or ");
}
