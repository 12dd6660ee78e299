import type { CheckedProvider } from "./checked-provider.js";
import type { ProviderCheck } from "./check-context.js";

/** The checks that need a network, by the type of the provider. They are independent of each other, and run side by side. */
export const providerChecks: Readonly<Record<CheckedProvider["type"], readonly ProviderCheck[]>> = {
  apple: [],
  azureAd: [],
  github: [],
  githubEs: [],
  gitlab: [],
  gitlabSelfHosted: [],
  google: [],
  jwt: [],
  ldap: [],
  oauth: [],
  oidc: [],
  saml: [],
  zitadel: [],
  legacyOidc: [],
  legacyJwt: [],
  unknown: [],
};
