import type { IDP } from "../services/idp.js";
import type { IdentityProvider } from "./model/provider.js";
import { toIdentityProvider, toLegacyProvider } from "./model/to-identity-provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads, RawProvider } from "./owner-reads.js";

/**
 * Creates a function that converts providers into plain TypeScript. Lists show legacy IDPs as OIDC or JWT providers; only the
 * list of legacy IDPs identifies them. The function fetches that list with the first provider of these types.
 */
export function createProviderConverter(
  reads: OwnerReads,
  operation: Operation,
): (raw: RawProvider) => Promise<IdentityProvider> {
  let legacyIdps: Promise<ReadonlyMap<string, IDP>> | undefined;
  const fetchLegacyIdps = async (): Promise<ReadonlyMap<string, IDP>> =>
    new Map(
      (await reads.listLegacyIdps(undefined, operation.callOptions())).map((idp) => [idp.id, idp]),
    );
  return async ({ provider, notDecoded }) => {
    const model = toIdentityProvider(provider, notDecoded);
    if (model.type !== "oidc" && model.type !== "jwt") {
      return model;
    }
    const idp = (await (legacyIdps ??= fetchLegacyIdps())).get(provider.id);
    return idp === undefined ? model : toLegacyProvider(idp);
  };
}
