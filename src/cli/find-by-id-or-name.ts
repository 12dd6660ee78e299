import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import { findByName } from "../providers/find-by-name.js";
import type { IdentityProvider, OperationOptions, Providers } from "../providers/index.js";
import { UnknownProviderError } from "./errors/unknown-provider-error.js";
import { quoteValue } from "./secrets/display-path.js";

/**
 * Finds a provider by its id or its name. With `owners` set to `any`, a command for an organization also finds the providers of
 * the instance by their names. Throws a UnknownProviderError if no provider matches, and a ProviderError with the reason
 * `ambiguous` if several have the name.
 */
export async function findByIdOrName(
  providers: Providers,
  idOrName: string,
  owners: "own" | "any",
  options: OperationOptions,
): Promise<IdentityProvider> {
  const owner = owners === "any" && providers.owner === "org" ? { owner: "any" as const } : {};
  const listByName = (): AsyncIterable<IdentityProvider> =>
    providers.list({ name: idOrName, ...owner }, options);
  // ZITADEL generates numeric ids, and imported ids can be any text: look a number up as an id first, and any other text as a
  // name.
  const isNumber = /^\d+$/.test(idOrName);
  const named = isNumber ? undefined : await findByName(idOrName, listByName());
  if (named !== undefined) {
    return named;
  }
  try {
    return await providers.get(idOrName, options);
  } catch (error) {
    if (!isZitadelError(error, Code.NotFound) && mayBeId(idOrName)) {
      throw error;
    }
    const other = isNumber ? await findByName(idOrName, listByName()) : undefined;
    if (other !== undefined) {
      return other;
    }
    throw new UnknownProviderError(
      `no provider has the id or name ${quoteValue(idOrName)}; zitadel-idp list shows all providers`,
      { cause: error },
    );
  }
}

/** Returns false for text that the server rejects as an id, so that the failed read says nothing about the provider. */
function mayBeId(text: string): boolean {
  return /^[\w-]{1,200}$/.test(text);
}
