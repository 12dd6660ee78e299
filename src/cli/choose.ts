import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../index.js";
import {
  type IdentityProvider,
  type OperationOptions,
  ProviderError,
  type Providers,
} from "../providers/index.js";
import { NotFoundError } from "./failure.js";
import { shownValue } from "./secret-looking.js";

/** A provider as operators name it: by its id, or by its name. `any` has an organization find those of the instance too. */
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
      const message = `there are ${found.length}: ${ids}. Use the id`;
      const problems = [{ path: ["name"], message }];
      throw new ProviderError({ reason: "ambiguous", about: `the provider ${idOrName}`, problems });
    }
    return found[0];
  };
  // Ids are numbers, unless somebody made them up: the likely way first.
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
    throw new NotFoundError(
      `there is no provider with the id or the name ${shownValue(idOrName)}`,
      {
        cause: error,
      },
    );
  }
}
