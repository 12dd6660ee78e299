import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import {
  type IdentityProvider,
  type OperationOptions,
  ProviderError,
  type Providers,
} from "../providers/index.js";
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

/**
 * Returns the only provider of a list that was filtered by `name`, or undefined if the list is empty. Throws a ProviderError with
 * the reason `ambiguous` if the list has several providers.
 */
async function findByName(
  name: string,
  matches: AsyncIterable<IdentityProvider>,
): Promise<IdentityProvider | undefined> {
  const found: IdentityProvider[] = [];
  for await (const provider of matches) {
    found.push(provider);
  }
  if (found.length > 1) {
    const ids = found.map(({ id, type }) => `${id} (${type})`).join(", ");
    const message = `${found.length} providers have this name: ${ids}. Use an id instead`;
    const problems = [{ path: ["name"], message }];
    throw new ProviderError({ reason: "ambiguous", about: `the provider ${name}`, problems });
  }
  return found[0];
}

/** Returns false for text that the server rejects as an id, so that the failed read says nothing about the provider. */
function mayBeId(text: string): boolean {
  return /^[\w-]{1,200}$/.test(text);
}
