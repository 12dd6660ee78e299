import type { IdentityProvider } from "zitadel-idp/providers";

/**
 * The names of the types for the reader. `providerForm` has longer ones, but with the help texts of all fields: the list of providers
 * must not wait for those.
 */
const labels: Readonly<Record<IdentityProvider["type"], string>> = {
  apple: "Apple",
  azureAd: "Microsoft Entra ID",
  github: "GitHub",
  githubEs: "GitHub Enterprise Server",
  gitlab: "GitLab",
  gitlabSelfHosted: "GitLab (self-hosted)",
  google: "Google",
  jwt: "JWT",
  ldap: "LDAP",
  oauth: "OAuth 2.0",
  oidc: "OpenID Connect",
  saml: "SAML 2.0",
  zitadel: "ZITADEL",
  legacyOidc: "OpenID Connect (legacy)",
  legacyJwt: "JWT (legacy)",
  unknown: "Unknown type",
};

/** Returns the name of a type of provider for the reader. */
export function typeLabel(type: IdentityProvider["type"]): string {
  return labels[type];
}

/** Returns the name of a provider for the reader: some types may have no name. */
export function displayName({ name, type }: IdentityProvider): string {
  return name === "" ? typeLabel(type) : name;
}
