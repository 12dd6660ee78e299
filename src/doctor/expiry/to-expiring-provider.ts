import type { FoundDate } from "./expiration.js";
import type { OwnedProvider } from "./index-providers.js";

/** Returns the owner and the provider for the things of a provider that expire. */
export function toExpiringProvider({
  owner,
  name: ownerName,
  provider: { type, name, id },
}: OwnedProvider): Pick<FoundDate, "owner" | "ownerName" | "provider"> {
  return { owner, ...(ownerName !== undefined && { ownerName }), provider: { type, name, id } };
}
