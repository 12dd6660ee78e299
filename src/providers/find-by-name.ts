import { collect } from "../utils/collect.js";
import type { IdentityProvider } from "./model/provider.js";
import { ProviderError } from "./provider-error.js";

/**
 * Returns the only provider in `matches`, a list filtered by `name`, or undefined if the list is empty. Names are not unique: throws
 * a `ProviderError` with the reason `ambiguous` if the list has several providers.
 */
export async function findByName(
  name: string,
  matches: AsyncIterable<IdentityProvider>,
): Promise<IdentityProvider | undefined> {
  const found = await collect(matches);
  if (found.length > 1) {
    const ids = found.map(({ id, type }) => `${id} (${type})`).join(", ");
    const message = `${found.length} providers have this name: ${ids}. Use an id instead`;
    const problems = [{ path: ["name"], message }];
    throw new ProviderError({ reason: "ambiguous", about: `the provider ${name}`, problems });
  }
  return found[0];
}
