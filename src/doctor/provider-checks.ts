import { checkLdap } from "./checks/ldap/check-ldap.js";
import { checkHostCertificates } from "./checks/tls/check-host-certificates.js";
import { checkSaml } from "./checks/saml/check-saml.js";
import type { CheckedProvider } from "./checked-provider.js";
import type { ProviderCheck } from "./check-context.js";
import { checkAppleClient } from "./checks/apple/check-apple-client.js";
import { checkCallback } from "./checks/callback/check-callback.js";
import { checkTenantTrust } from "./checks/entra/check-tenant-trust.js";
import { checkEntraTenant } from "./checks/entra/check-entra-tenant.js";
import { checkJwtHeader } from "./checks/jwt/check-jwt-header.js";
import { checkJwtEndpoints } from "./checks/jwt/check-jwt-endpoints.js";
import { checkJwtIssuer } from "./checks/jwt/check-jwt-issuer.js";
import { checkAuthorizationEndpoint } from "./checks/oauth/check-authorization-endpoint.js";
import { checkEndpointUrls } from "./checks/oauth/check-endpoint-urls.js";
import { checkIdAttribute } from "./checks/oauth/check-id-attribute.js";
import { checkPkceSupport } from "./checks/oauth/check-pkce-support.js";
import { checkTokenEndpoint } from "./checks/oauth/check-token-endpoint.js";
import { checkUserEndpoint } from "./checks/oauth/check-user-endpoint.js";
import { checkDiscovery } from "./checks/oidc/check-discovery.js";
import { checkClientSecret } from "./checks/secret/check-client-secret.js";

const codeFlowChecks = [checkCallback, checkClientSecret];
const endpointChecks = [
  checkAuthorizationEndpoint,
  checkTokenEndpoint,
  checkUserEndpoint,
  checkHostCertificates,
];
const openIdChecks = [checkDiscovery, ...codeFlowChecks, checkHostCertificates];
const jwtChecks = [
  checkJwtHeader,
  checkJwtEndpoints,
  checkJwtIssuer,
  checkCallback,
  checkHostCertificates,
];

/** The checks that need a network, by the type of the provider. They are independent, and run at the same time. */
export const providerChecks: Readonly<Record<CheckedProvider["type"], readonly ProviderCheck[]>> = {
  apple: [checkDiscovery, checkCallback, checkAppleClient],
  azureAd: [checkEntraTenant, checkTenantTrust, ...codeFlowChecks],
  github: [...codeFlowChecks, ...endpointChecks],
  githubEs: [...codeFlowChecks, checkEndpointUrls, ...endpointChecks],
  gitlab: openIdChecks,
  gitlabSelfHosted: openIdChecks,
  google: openIdChecks,
  jwt: jwtChecks,
  ldap: [checkLdap],
  oauth: [
    ...codeFlowChecks,
    checkEndpointUrls,
    ...endpointChecks,
    checkIdAttribute,
    checkPkceSupport,
  ],
  oidc: openIdChecks,
  saml: [checkSaml, checkCallback, checkHostCertificates],
  zitadel: openIdChecks,
  legacyOidc: [checkDiscovery, checkCallback, checkHostCertificates],
  legacyJwt: jwtChecks,
  unknown: [],
};
