import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of OAuth, GitHub Enterprise Server and GitHub providers. */
export const oauthChecks: Readonly<Record<string, CheckDescription>> = {
  "oauth/invalid-url": {
    meaning: "An endpoint is not a URL, or one that no server accepts.",
    fix: "Correct the field.",
  },
  "oauth/insecure-endpoint": {
    meaning:
      "An endpoint has no TLS, so anyone on the network path can read codes, tokens and the client secret.",
    fix: "Use the https: URL of the endpoint.",
  },
  "oauth/swapped-endpoints": {
    meaning: "The endpoints are in each other's fields, or one URL is in two fields.",
    fix: "Correct the fields.",
  },
  "oauth/different-hosts": {
    meaning:
      "The endpoints are on different hosts, which is usual for some providers and a typing error for others.",
    fix: "Check that all hosts belong to the provider.",
  },
  "oauth/authorization-endpoint": {
    meaning: "The authorization endpoint does not answer with a page or a redirect, as it should.",
    fix: "Correct authorizationEndpoint.",
  },
  "oauth/token-endpoint": {
    meaning:
      "The token endpoint does not answer a request with an invalid code with an OAuth error, as it should.",
    fix: "Correct tokenEndpoint.",
  },
  "oauth/user-endpoint": {
    meaning:
      "The user endpoint does not answer a request without a token with 401 or 403, as it should.",
    fix: "Correct userEndpoint.",
  },
  "oauth/user-endpoint-open": {
    meaning:
      "The user endpoint returns a profile without a token, so all users may share one account.",
    fix: "Correct userEndpoint.",
  },
  "oauth/id-attribute": {
    meaning:
      "The id attribute cannot be right: the provider has none of that name, ZITADEL does not follow paths, or users can change it.",
    fix: "Set idAttribute to an attribute that never changes, such as `sub` or `id`.",
  },
  "oauth/pkce-unsupported": {
    meaning:
      "PKCE is on, but the metadata of the provider does not list S256, so PKCE protects nothing.",
    fix: "Turn PKCE on at the provider, or off in ZITADEL.",
  },
  "oauth/pkce-available": {
    meaning:
      "The provider supports PKCE, which would protect its authorization codes, but PKCE is off.",
    fix: "Set usePkce to true.",
  },
};
