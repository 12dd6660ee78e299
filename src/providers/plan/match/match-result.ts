import type { IdentityProvider } from "../../model/provider.js";

/** The result of the search for the provider of an entry: a union, discriminated by `kind`. */
export type MatchResult =
  /** The entry describes this provider. */
  | { readonly kind: "existing"; readonly provider: IdentityProvider }
  /** The entry describes a provider that has yet to be added. */
  | { readonly kind: "new" }
  /** The entry requires a provider that does not exist. */
  | { readonly kind: "missing"; readonly problem: string }
  /** The entry may mean several providers, or one that cannot become what the entry describes. */
  | { readonly kind: "unclear"; readonly problem: string };

/** Returns the provider of a result, if there is one. */
export function getMatchedProvider(result: MatchResult | undefined): IdentityProvider | undefined {
  return result?.kind === "existing" ? result.provider : undefined;
}
