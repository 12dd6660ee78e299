import type { CheckedProvider } from "./checked-provider.js";
import type { ProviderCheck } from "./check-context.js";
import { checkLdap } from "./checks/ldap/check-ldap.js";
import { checkSaml } from "./checks/saml/check-saml.js";

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
  ldap: [checkLdap],
  oauth: [],
  oidc: [],
  saml: [checkSaml],
  zitadel: [],
  legacyOidc: [],
  legacyJwt: [],
  unknown: [],
};
