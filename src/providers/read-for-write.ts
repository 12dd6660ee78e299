import { isProviderType } from "./model/convert-fields.js";
import type { ProviderType, ReadableByType } from "./model/provider.js";
import type { Operation } from "./operation.js";
import { isMissingProvider, type OwnerReads, type RawProvider } from "./owner-reads.js";
import { ProviderError, type ProviderErrorReason, type ProviderProblem } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";

/** A provider that may be written, as it was read. */
export interface WritableProvider {
  readonly read: RawProvider;
  readonly model: ReadableByType[ProviderType];
}

/**
 * Reads a provider in order to write it. Rejects legacy IDPs, providers of the instance, and providers of which a write would
 * lose a part.
 */
export async function readForWrite(
  api: OwnerReads,
  id: string,
  about: string,
  operation: Operation,
): Promise<WritableProvider> {
  const { read, model } = await readOwnProvider(api, id, operation).catch(
    async (error: unknown) => {
      if (api.owner === "org" && isMissingProvider(error)) {
        const { result } = await api.list({ id, owner: "instance" }, operation.call());
        throwIfAny("read_only", about, result.length === 0 ? [] : [inheritedProblem]);
      }
      throw error;
    },
  );
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
  if (!isProviderType(model.type)) {
    throw new Error(`unexpected type of provider: ${model.type}`);
  }
  return { read, model: model as ReadableByType[ProviderType] };
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

/** Throws a `ProviderError` if there is any problem. */
export function throwIfAny(
  reason: ProviderErrorReason,
  about: string,
  problems: readonly ProviderProblem[],
): void {
  if (problems.length > 0) {
    throw new ProviderError({ reason, about, problems });
  }
}
