import type { IdentityProvider } from "../model/provider.js";
import { describeProvider } from "./labels.js";

/** Returns the label of a provider that an entry may mean, with its id and date. */
export function describeCandidate({ type, name, id, createdAt }: IdentityProvider): string {
  return `${describeProvider(type, name)} (${id}${createdAt === undefined ? "" : `, of ${createdAt.toISOString()}`})`;
}

/** Returns the ids of providers in the notation of a desired state, as a choice. */
export function describeIds(candidates: readonly IdentityProvider[]): string {
  return [...new Set(candidates)].map(({ id }) => `id: ${JSON.stringify(id)}`).join(" or ");
}
