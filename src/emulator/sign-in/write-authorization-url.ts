import type { UpstreamClient } from "./upstream-client.js";

/** The values of one authorization request. */
interface AuthorizationRequest {
  readonly state: string;
  readonly redirectUri: string;
  /** The S256 code challenge, if the provider uses PKCE. */
  readonly codeChallenge: string | undefined;
}

/** Writes the URL of an authorization request, with the parameters in the order of Go's `Values.Encode`. */
export function writeAuthorizationUrl(
  { endpoints, clientId, scopes, selectsAccount }: UpstreamClient,
  { state, redirectUri, codeChallenge }: AuthorizationRequest,
): string {
  const parameters = new URLSearchParams({
    client_id: clientId,
    ...(codeChallenge !== undefined && {
      code_challenge: codeChallenge,
      code_challenge_method: "S256",
    }),
    ...(selectsAccount && { prompt: "select_account" }),
    redirect_uri: redirectUri,
    response_type: "code",
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    state,
  });
  const separator = endpoints.authorization.includes("?") ? "&" : "?";
  return endpoints.authorization + separator + parameters.toString();
}
