import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
} from "oauth4webapi";
import type { CheckedProvider } from "../../checked-provider.js";
import { findRequestedScopes } from "../oidc/requested-scopes.js";

/**
 * Creates the URL of an authorization request like ZITADEL's, with a random state. It has `prompt=none`, so that the provider answers
 * without asking a user.
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

/** The types of plain OAuth. For all other types, ZITADEL adds `openid` to the scopes. */
const oauthTypes: ReadonlySet<CheckedProvider["type"]> = new Set(["github", "githubEs", "oauth"]);

/** Returns the scopes that ZITADEL requests. Entra ID always gets `User.Read` too (`internal/idp/providers/azuread/azuread.go`). */
function listScopes(provider: CheckedProvider): readonly string[] {
  const { configured, requested } = findRequestedScopes(provider);
  if (oauthTypes.has(provider.type)) {
    return configured;
  }
  return provider.type === "azureAd" ? [...new Set([...requested, "User.Read"])] : requested;
}

/** Returns true if ZITADEL sends a PKCE challenge: if `usePkce` is on, and always to another ZITADEL. */
export function usesPkce({ type, fields }: Pick<CheckedProvider, "type" | "fields">): boolean {
  return type === "zitadel" || fields["usePkce"] === true;
}
