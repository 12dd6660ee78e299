import type { CheckedProvider } from "./checked-provider.js";
import type { ProviderCheck } from "./check-context.js";
import { checkAppleClient } from "./checks/apple/check-apple-client.js";
import { checkCallback } from "./checks/callback/check-callback.js";
import { checkAuthorizationEndpoint } from "./checks/oauth/check-authorization-endpoint.js";
import { checkEndpointUrls } from "./checks/oauth/check-endpoint-urls.js";
import { checkIdAttribute } from "./checks/oauth/check-id-attribute.js";
import { checkPkceSupport } from "./checks/oauth/check-pkce-support.js";
import { checkTokenEndpoint } from "./checks/oauth/check-token-endpoint.js";
import { checkUserEndpoint } from "./checks/oauth/check-user-endpoint.js";
import { checkClientSecret } from "./checks/secret/check-client-secret.js";

const codeFlowChecks = [checkCallback, checkClientSecret];
const endpointChecks = [checkAuthorizationEndpoint, checkTokenEndpoint, checkUserEndpoint];

/** The checks that need a network, by the type of the provider. They are independent of each other, and run side by side. */
export const providerChecks: Readonly<Record<CheckedProvider["type"], readonly ProviderCheck[]>> = {
  apple: [checkCallback, checkAppleClient],
  azureAd: codeFlowChecks,
  github: [...codeFlowChecks, ...endpointChecks],
  githubEs: [...codeFlowChecks, checkEndpointUrls, ...endpointChecks],
  gitlab: codeFlowChecks,
  gitlabSelfHosted: codeFlowChecks,
  google: codeFlowChecks,
  jwt: [checkCallback],
  ldap: [],
  oauth: [
    ...codeFlowChecks,
    checkEndpointUrls,
    ...endpointChecks,
    checkIdAttribute,
    checkPkceSupport,
  ],
  oidc: codeFlowChecks,
  saml: [checkCallback],
  zitadel: codeFlowChecks,
  legacyOidc: [checkCallback],
  legacyJwt: [checkCallback],
  unknown: [],
};
