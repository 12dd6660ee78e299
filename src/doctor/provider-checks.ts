import type { ProviderCheck } from "./check-context.js";
import type { CheckedProvider } from "./checked-provider.js";
import { checkEntraTenant } from "./checks/entra/check-entra-tenant.js";
import { checkTenantTrust } from "./checks/entra/check-tenant-trust.js";
import { checkJwtEndpoints } from "./checks/jwt/check-jwt-endpoints.js";
import { checkJwtHeader } from "./checks/jwt/check-jwt-header.js";
import { checkJwtIssuer } from "./checks/jwt/check-jwt-issuer.js";
import { checkDiscovery } from "./checks/oidc/check-discovery.js";
import { checkLdap } from "./checks/ldap/check-ldap.js";
import { checkSaml } from "./checks/saml/check-saml.js";

/** The checks that need a network, by the type of the provider. They are independent of each other, and run side by side. */
export const providerChecks: Readonly<Record<CheckedProvider["type"], readonly ProviderCheck[]>> = {
  apple: [checkDiscovery],
  azureAd: [checkEntraTenant, checkTenantTrust],
  github: [],
  githubEs: [],
  gitlab: [checkDiscovery],
  gitlabSelfHosted: [checkDiscovery],
  google: [checkDiscovery],
  jwt: [checkJwtHeader, checkJwtEndpoints, checkJwtIssuer],
  ldap: [checkLdap],
  oauth: [],
  oidc: [checkDiscovery],
  saml: [checkSaml],
  zitadel: [checkDiscovery],
  legacyOidc: [checkDiscovery],
  legacyJwt: [checkJwtHeader, checkJwtEndpoints, checkJwtIssuer],
  unknown: [],
};
