import type { IDP } from "../services/idp.js";
import type { IdentityProvider } from "./model/provider.js";
import { toIdentityProvider, toLegacyProvider } from "./model/to-identity-provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads, RawProvider } from "./owner-reads.js";

/**
 * Creates a function that converts the providers of a list into plain TypeScript. Lists show legacy IDPs as OIDC or JWT providers;
 * only the list of legacy IDPs identifies them. The function fetches that list with the first provider of these types.
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
  return async (raw) =>
    await convertProvider(raw, async (id) => (await (legacyIdps ??= fetchLegacyIdps())).get(id));
}

/**
 * Converts one provider into plain TypeScript. For an OIDC or JWT provider, reads the legacy IDP with the same id: this read is always
 * current, unlike the list of legacy IDPs.
 */
export async function convertSingleProvider(
  reads: OwnerReads,
  raw: RawProvider,
  operation: Operation,
): Promise<IdentityProvider> {
  return await convertProvider(
    raw,
    async (id) => await reads.getLegacyIdp(id, operation.callOptions()),
  );
}

async function convertProvider(
  { provider, notDecoded }: RawProvider,
  findLegacyIdp: (id: string) => Promise<IDP | undefined>,
): Promise<IdentityProvider> {
  const model = toIdentityProvider(provider, notDecoded);
  if (model.type !== "oidc" && model.type !== "jwt") {
    return model;
  }
  const idp = await findLegacyIdp(provider.id);
  return idp === undefined ? model : toLegacyProvider(idp, model);
}
