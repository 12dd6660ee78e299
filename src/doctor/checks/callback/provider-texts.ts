/**
 * Parts of the errors for an unknown redirect URI, in lower case. Each comment names the provider, or the software of the provider.
 */
export const mismatchTexts: readonly string[] = [
  "redirect_uri_mismatch", // Google, GitHub, Salesforce
  "redirect_mismatch", // Amazon Cognito
  "invalid_redirect_uri", // oidc-provider
  "aadsts50011", // Entra ID
  "msis9224", // AD FS
  "invalid parameter: redirect_uri", // Keycloak
  "callback url mismatch", // Auth0
  "must be a login redirect uri", // Okta
  "redirect_uri is missing in the client configuration", // ZITADEL
  "unregistered redirect_uri", // Dex
  "redirect uri included is not valid", // GitLab (Doorkeeper)
  "invalid web redirect url", // Apple
  "redirect_uri is not associated", // GitHub
  "does not match any of the oauth 2.0 client's pre-registered", // Ory Hydra, Authelia
  "mismatching redirection uri", // authentik
  "url blocked", // Facebook
];

/** Parts of the errors for an unknown client, in lower case. */
export const unknownClientTexts: readonly string[] = [
  "invalid_client", // Google, Okta, oidc-provider, Ory Hydra, Apple
  "deleted_client", // Google
  "disabled_client", // Google
  "aadsts700016", // Entra ID
  "msis9223", // AD FS
  "client not found", // Keycloak
  "unknown client", // Auth0
  "invalid client_id", // Dex
  "invalid_client_id", // Salesforce
  "unable to retrieve client by id", // ZITADEL
  "errors.app.notfound", // ZITADEL
  "client does not exist", // Amazon Cognito
  "client identifier (client_id) is missing or invalid", // authentik
];

/** Parts of errors that also count in a page with status 200, because no login page contains them. */
export const pageMismatchTexts: readonly string[] = ["aadsts50011", "invalid web redirect url"];
export const pageUnknownClientTexts: readonly string[] = ["aadsts700016"];

/** The names for a redirect URI. An error about a redirect URI contains one of them. */
export const redirectUriNames: readonly string[] = [
  "redirect_uri",
  "redirect uri",
  "redirect url",
  "redirection uri",
  "callback url",
];
