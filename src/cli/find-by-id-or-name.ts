import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import { findByName } from "../providers/find-by-name.js";
import type { IdentityProvider, OperationOptions, Providers } from "../providers/index.js";
import { isProviderId } from "../providers/is-provider-id.js";
import { throwIfAny } from "../providers/provider-error.js";
import { findOwnerProblems } from "../providers/read-to-change.js";
import { UnknownProviderError } from "./errors/unknown-provider-error.js";
import { formatProviderLabel } from "./report/format-provider.js";
import { quoteValue } from "./secrets/display-path.js";

/**
 * Finds the provider that the user named by id or name, in the same way for all commands. For an organization, prefers its own providers
 * to those of the instance. Throws an UnknownProviderError if no provider matches, and a ProviderError with the reason `ambiguous` if
 * several have the name.
 */
export async function findByIdOrName(
  providers: Providers,
  idOrName: string,
  options: OperationOptions,
): Promise<IdentityProvider> {
  // ZITADEL generates numeric ids, but imported ids can be any text. So try a number as an id first, and any other text as a name first.
  const isNumber = /^\d+$/.test(idOrName);
  const named = isNumber ? undefined : await findVisibleByName(providers, idOrName, options);
  if (named !== undefined) {
    return named;
  }
  try {
    return await providers.get(idOrName, options);
  } catch (error) {
    // A failed read of a text that cannot be an id proves nothing.
    if (!isZitadelError(error, Code.NotFound) && isProviderId(idOrName)) {
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
 * Finds the provider to update, migrate or delete. Throws a ProviderError with the reason `read_only` if the command works on an
 * organization and the instance owns the provider.
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

/** Finds a provider by its name among the owner's own providers and, for an organization, then among those of the instance. */
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
