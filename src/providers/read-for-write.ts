import { isProviderType } from "./model/field-specs.js";
import type { IdentityProvider, ProviderType, ReadableByType } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissingProvider, type OwnerReads } from "./owner-reads.js";
import { type ProviderProblem, throwIfAny } from "./provider-error.js";
import { type OwnProvider, readOwnProvider } from "./read-provider.js";

/** A provider of a type that can be written. */
export type WritableProvider = ReadableByType[ProviderType];

/**
 * Reads a provider in order to write it. Rejects legacy IDPs, providers of the instance, and providers of which a write would
 * lose a part.
 */
export async function readForWrite(
  api: OwnerReads,
  id: string,
  about: string,
  operation: Operation,
): Promise<OwnProvider & { readonly model: WritableProvider }> {
  const { raw, model } = await readOwnProvider(api, id, operation).catch(async (error: unknown) => {
    if (api.owner === "org" && isMissingProvider(error)) {
      const { result } = await api.list({ id, owner: "instance" }, operation.callOptions());
      throwIfAny("read_only", about, result.length === 0 ? [] : [inheritedProblem]);
    }
    throw error;
  });
  const { unknown = [] } = model;
  throwIfAny(
    "unknown_content",
    about,
    unknown.map((path) => ({
      path: [],
      message: `the server sent ${path}, which this client does not know and an update would lose; use a newer zitadel-idp, or ZITADEL's console`,
    })),
  );
  if (model.type === "legacyOidc" || model.type === "legacyJwt") {
    throwIfAny("read_only", about, [legacyProblems[model.type]]);
  }
  if (!isWritable(model)) {
    throw new Error(`unexpected type of provider: ${model.type}`);
  }
  return { raw, model };
}

function isWritable(model: IdentityProvider): model is WritableProvider {
  return isProviderType(model.type);
}

const inheritedProblem: ProviderProblem = {
  path: [],
  message: 'it belongs to the instance: use { owner: "instance" }, with a role on the instance',
};

const legacyProblems: Readonly<Record<"legacyOidc" | "legacyJwt", ProviderProblem>> = {
  legacyOidc: {
    path: [],
    message:
      "it is a legacy IDP, which is read-only here: migrate it to azureAd or google, or add an oidc provider instead",
  },
  legacyJwt: {
    path: [],
    message:
      "it is a legacy IDP, which is read-only here and cannot be migrated: add a jwt provider instead",
  },
};
