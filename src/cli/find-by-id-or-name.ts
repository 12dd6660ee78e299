import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import { findByName } from "../providers/find-by-name.js";
import type { IdentityProvider, OperationOptions, Providers } from "../providers/index.js";
import { throwIfAny } from "../providers/provider-error.js";
import { findOwnerProblems } from "../providers/read-to-change.js";
import { UnknownProviderError } from "./errors/unknown-provider-error.js";
import { formatProviderLabel } from "./report/format-provider.js";
import { quoteValue } from "./secrets/display-path.js";

/**
 * Finds the provider that a command names by its id or its name. All commands find the same provider: for an organization, one
 * that it owns, otherwise one of the instance. Throws an UnknownProviderError if no provider matches, and a ProviderError with the
 * reason `ambiguous` if several have the name.
 */
export async function findByIdOrName(
  providers: Providers,
  idOrName: string,
  options: OperationOptions,
): Promise<IdentityProvider> {
  // ZITADEL generates numeric ids, and imported ids can be any text: look a number up as an id first, and any other text as a
  // name.
  const isNumber = /^\d+$/.test(idOrName);
  const named = isNumber ? undefined : await findVisibleByName(providers, idOrName, options);
  if (named !== undefined) {
    return named;
  }
  try {
    return await providers.get(idOrName, options);
  } catch (error) {
    if (!isZitadelError(error, Code.NotFound) && mayBeId(idOrName)) {
      throw error;
    }
    const other = isNumber ? await findVisibleByName(providers, idOrName, options) : undefined;
    if (other !== undefined) {
      return other;
    }
    throw new UnknownProviderError(
      `no provider has the id or name ${quoteValue(idOrName)}; zitadel-idp list shows all providers`,
      { cause: error },
    );
  }
}

/**
 * Finds the provider that a command is to update, migrate or delete. Throws a ProviderError with the reason `read_only` if the
 * command is for an organization and the instance owns the provider.
 */
export async function findToChange(
  providers: Providers,
  idOrName: string,
  options: OperationOptions,
): Promise<IdentityProvider> {
  const provider = await findByIdOrName(providers, idOrName, options);
  const problems = findOwnerProblems(providers.owner, provider);
  throwIfAny("read_only", formatProviderLabel(provider), problems);
  return provider;
}

/** Finds a provider by its name: one of the owner, or for an organization one of the instance if the organization has none. */
async function findVisibleByName(
  providers: Providers,
  name: string,
  options: OperationOptions,
): Promise<IdentityProvider | undefined> {
  const own = await findByName(name, providers.list({ name }, options));
  return own === undefined && providers.owner === "org"
    ? await findByName(name, providers.list({ name, owner: "instance" }, options))
    : own;
}

/** Returns false for text that the server rejects as an id, so that the failed read says nothing about the provider. */
function mayBeId(text: string): boolean {
  return /^[\w-]{1,200}$/.test(text);
}
