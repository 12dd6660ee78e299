import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import {
  type IdentityProvider,
  type OperationOptions,
  ProviderError,
  type Providers,
} from "../providers/index.js";
import { ProviderNotFoundError } from "./report/failure-json.js";
import { quoteValue } from "./secrets/detect-secrets.js";

/**
 * Finds a provider by its id or its name. With `whose` set to `any`, a command for an organization also finds the providers of
 * the instance. Throws a ProviderNotFoundError if no provider matches, and a ProviderError with the reason `ambiguous` if several have
 * the name.
 */
export async function choose(
  providers: Providers,
  idOrName: string,
  whose: "own" | "any",
  options: OperationOptions,
): Promise<IdentityProvider> {
  const owner = whose === "any" && providers.owner === "org" ? { owner: "any" as const } : {};
  const byName = async (): Promise<IdentityProvider | undefined> => {
    const found: IdentityProvider[] = [];
    for await (const provider of providers.list({ name: idOrName, ...owner }, options)) {
      found.push(provider);
    }
    if (found.length > 1) {
      const ids = found.map(({ id, type }) => `${id} (${type})`).join(", ");
      const message = `${found.length} providers have this name: ${ids}. Use an id instead`;
      const problems = [{ path: ["name"], message }];
      throw new ProviderError({ reason: "ambiguous", about: `the provider ${idOrName}`, problems });
    }
    return found[0];
  };
  // ZITADEL generates numeric ids, and imported ids can be any text: look a number up as an id first, and any other text as a
  // name.
  const isNumber = /^\d+$/.test(idOrName);
  const named = isNumber ? undefined : await byName();
  if (named !== undefined) {
    return named;
  }
  try {
    return await providers.get(idOrName, options);
  } catch (error) {
    const isNowhere = isZitadelError(error, Code.NotFound) || !/^[\w-]{1,200}$/.test(idOrName);
    const other = isNumber && isNowhere ? await byName() : undefined;
    if (other !== undefined) {
      return other;
    }
    if (!isNowhere) {
      throw error;
    }
    throw new ProviderNotFoundError(
      `no provider has the id or name ${quoteValue(idOrName)}; zitadel-idp list shows all providers`,
      {
        cause: error,
      },
    );
  }
}
