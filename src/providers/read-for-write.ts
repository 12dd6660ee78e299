import { isProviderType } from "./model/field-specs.js";
import { isLegacyType, type LegacyType } from "./model/legacy-types.js";
import type { IdentityProvider, ProviderType, ReadableByType } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { type ProviderProblem, throwIfAny } from "./provider-error.js";
import type { OwnProvider } from "./read-provider.js";
import { readToChange } from "./read-to-change.js";

/** A provider of a type that can be written. */
export type WritableProvider = ReadableByType[ProviderType];

/**
 * Reads a provider in order to update it. Throws a `ProviderError` for legacy IDPs, for providers of another owner, and for providers
 * with content that an update would lose.
 */
export async function readForWrite(
  api: OwnerReads,
  id: string,
  about: string,
  operation: Operation,
): Promise<OwnProvider & { readonly model: WritableProvider }> {
  const { raw, model } = await readToChange(api, id, about, operation);
  const { unknown = [] } = model;
  throwIfAny(
    "unknown_content",
    about,
    unknown.map((path) => ({
      path: [],
      message: `the server sent ${path}, which this client does not know and an update would lose; use a newer zitadel-idp, or ZITADEL's console`,
    })),
  );
  if (isLegacyType(model.type)) {
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

const legacyProblems: Readonly<Record<LegacyType, ProviderProblem>> = {
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
