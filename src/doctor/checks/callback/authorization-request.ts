import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
} from "oauth4webapi";
import type { CheckedProvider } from "../../checked-provider.js";

/** The scopes that ZITADEL requests if a provider has none, by type: `internal/idp/providers/{oidc,gitlab,azuread}` have them. */
const openIdScopes = ["openid", "profile", "email", "phone"];
const defaultScopes: Readonly<Partial<Record<CheckedProvider["type"], readonly string[]>>> = {
  apple: openIdScopes,
  azureAd: [...openIdScopes, "User.Read"],
  gitlab: ["openid", "profile", "email"],
  gitlabSelfHosted: ["openid", "profile", "email"],
  google: openIdScopes,
  oidc: openIdScopes,
  zitadel: openIdScopes,
  legacyOidc: openIdScopes,
};

/** The scopes that ZITADEL adds if they are missing. */
const addedScopes: Readonly<Partial<Record<CheckedProvider["type"], readonly string[]>>> = {
  ...Object.fromEntries(Object.keys(defaultScopes).map((type) => [type, ["openid"]])),
  azureAd: ["openid", "User.Read"],
};

/**
 * Returns the URL of an authorization request like that of ZITADEL, with a state of its own. It asks for no interaction, so that the
 * provider answers at once and starts nothing.
 */
export async function createAuthorizationUrl(
  provider: CheckedProvider,
  endpoint: string,
  redirectUri: string,
): Promise<string> {
  const url = new URL(endpoint);
  const scopes = listScopes(provider);
  const parameters = {
    client_id: String(provider.fields["clientId"]),
    redirect_uri: redirectUri,
    response_type: "code",
    state: generateRandomState(),
    prompt: "none",
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    ...(provider.type === "apple" && { response_mode: "form_post" }),
    ...(usesPkce(provider) && {
      code_challenge: await calculatePKCECodeChallenge(generateRandomCodeVerifier()),
      code_challenge_method: "S256",
    }),
  };
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

function listScopes({ type, fields }: CheckedProvider): readonly string[] {
  const own = Array.isArray(fields["scopes"]) ? fields["scopes"].map(String) : [];
  const scopes = own.length === 0 ? (defaultScopes[type] ?? []) : own;
  return [...new Set([...scopes, ...(addedScopes[type] ?? [])])];
}

/** Returns true if ZITADEL sends a PKCE challenge: if the provider says so, and always to another ZITADEL. */
export function usesPkce({ type, fields }: Pick<CheckedProvider, "type" | "fields">): boolean {
  return type === "zitadel" || fields["usePkce"] === true;
}
