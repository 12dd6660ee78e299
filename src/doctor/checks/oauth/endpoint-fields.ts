import type { CheckedProvider } from "../../checked-provider.js";

/** The names of the fields with endpoints. */
export const endpointFields = ["authorizationEndpoint", "tokenEndpoint", "userEndpoint"] as const;

/** A field with an endpoint. */
export type EndpointField = (typeof endpointFields)[number];

/** The endpoints of a provider, by field. */
export type OAuthEndpoints = Readonly<Record<EndpointField, string>>;

/** The endpoints of github.com, which are fixed in ZITADEL. */
const githubEndpoints: OAuthEndpoints = {
  authorizationEndpoint: "https://github.com/login/oauth/authorize",
  tokenEndpoint: "https://github.com/login/oauth/access_token",
  userEndpoint: "https://api.github.com/user",
};

/** The names of endpoints in messages. */
export const endpointNames: Readonly<Record<EndpointField, string>> = {
  authorizationEndpoint: "the authorization endpoint",
  tokenEndpoint: "the token endpoint",
  userEndpoint: "the user endpoint",
};

/** Returns the endpoints of an OAuth, GitHub Enterprise Server or GitHub provider. */
export function getOAuthEndpoints({ type, fields }: CheckedProvider): OAuthEndpoints {
  if (type === "github") {
    return githubEndpoints;
  }
  return {
    authorizationEndpoint: String(fields["authorizationEndpoint"]),
    tokenEndpoint: String(fields["tokenEndpoint"]),
    userEndpoint: String(fields["userEndpoint"]),
  };
}
