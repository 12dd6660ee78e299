import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { IdentityProvider } from "./model/provider.js";
import type { Operation } from "./operation.js";
import type { OwnerReads } from "./owner-reads.js";
import { createProblem, type ProviderProblem, throwIfAny } from "./provider-error.js";
import { findInherited, type OwnProvider, readOwnProvider } from "./read-provider.js";

/**
 * Reads a provider in order to update, migrate or delete it. Throws a `ProviderError` with the reason `read_only` if the caller works
 * on an organization and the instance owns the provider.
 */
export async function readToChange(
  api: OwnerReads,
  id: string,
  about: string,
  operation: Operation,
): Promise<OwnProvider> {
  try {
    return await readOwnProvider(api, id, operation);
  } catch (error) {
    const inherited = await findInherited(api, id, error, operation);
    throwIfAny("read_only", about, inherited ? findOwnerProblems(api.owner, inherited) : []);
    throw error;
  }
}

/** Returns the problem of a change by `owner` to a provider that another owner has. */
export function findOwnerProblems(
  owner: "org" | "instance",
  provider: IdentityProvider,
): ProviderProblem[] {
  return provider.owner === owner
    ? []
    : [
        createProblem(
          [],
          optionText`it belongs to the instance: ${advice.useOwnerInstance}, with a role on the instance`,
        ),
      ];
}
