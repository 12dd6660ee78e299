import type { IdentityProvider } from "zitadel-idp/providers";

/**
 * The labels of the types. `providerForm` has longer labels, but its module has the help texts of all fields too, and the list of
 * providers must not wait for them.
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

/** Returns the label of a provider type. */
export function findTypeLabel(type: IdentityProvider["type"]): string {
  return labels[type];
}

/** Returns the name of a provider, or the label of its type if the name is empty. */
export function findDisplayName({ name, type }: IdentityProvider): string {
  return name === "" ? findTypeLabel(type) : name;
}
