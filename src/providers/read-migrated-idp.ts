import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { readOwnLegacyIdp } from "./read-own-legacy-idp.js";

/** The types to which a migration can turn a legacy IDP. */
const migrationTargets: ReadonlySet<IdentityProvider["type"]> = new Set(["azureAd", "google"]);

/**
 * Reads the legacy side of a provider that was a legacy IDP before a migration. DeleteProvider leaves this side. Always current.
 * Returns undefined for other providers.
 */
export async function readMigratedIdp(
  api: OwnerReads,
  { id, type }: Pick<IdentityProvider, "id" | "type">,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  return migrationTargets.has(type) ? await readOwnLegacyIdp(api, id, operation) : undefined;
}
