import type { DesiredProvider } from "../../src/providers/index.js";

const options = { isCreationAllowed: true, isAutoCreation: true } as const;
const client = { clientId: "7d2f0c", clientSecret: "s" } as const;
const metadata = (attributes = ""): string =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.acme.example"><IDPSSODescriptor${attributes}><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.acme.example/sso"/></IDPSSODescriptor></EntityDescriptor>`;
const directory = {
  type: "ldap",
  servers: ["ldaps://ldap.acme.example:636"],
  baseDn: "dc=acme,dc=example",
  bindDn: "cn=zitadel,dc=acme,dc=example",
  bindPassword: "p",
  userBase: "dn",
  userObjectClasses: ["inetOrgPerson"],
  userFilters: ["uid", "mail"],
  attributes: {
    idAttribute: "entryUUID",
    firstNameAttribute: "givenName",
    lastNameAttribute: "sn",
    emailAttribute: "mail",
    preferredUsernameAttribute: "uid",
  },
} as const;

/** Entries of set-ups that work, of all types. */
export const healthyEntries: readonly DesiredProvider[] = [
  { type: "google", name: "Google", ...client, scopes: ["openid", "profile", "email"], options: { ...options, isLinkingAllowed: true, autoLinking: "email" }, active: true },
  { type: "google", name: "Google for staff", ...client, options: { isLinkingAllowed: true }, active: true },
  { type: "github", name: "GitHub", ...client, scopes: ["read:user", "user:email"], options: { ...options, isLinkingAllowed: true, autoLinking: "email" }, active: true },
  { type: "githubEs", name: "GitHub of Acme", ...client, authorizationEndpoint: "https://git.acme.example/login/oauth/authorize", tokenEndpoint: "https://git.acme.example/login/oauth/access_token", userEndpoint: "https://git.acme.example/api/v3/user", options, active: true },
  { type: "gitlab", name: "GitLab", ...client, options, active: true },
  { type: "gitlabSelfHosted", name: "GitLab of Acme", issuer: "https://gitlab.acme.example", ...client, scopes: ["openid", "profile", "email"], options, active: true },
  { type: "apple", name: "Apple", clientId: "example.acme.signin", teamId: "ALT03JV3OS", keyId: "OGKDK25KD1", scopes: ["name", "email"], options, active: true },
  { type: "azureAd", name: "Entra ID", ...client, tenant: "3f2504e0-4f89-11d3-9a0c-0305e82c3301", emailVerified: true, options: { ...options, isLinkingAllowed: true, autoLinking: "email" }, active: true },
  { type: "azureAd", name: "Microsoft", ...client, tenant: "common", options, active: true },
  { type: "azureAd", name: "Microsoft for families", ...client, tenant: "consumers", emailVerified: true, options, active: true },
  { type: "oidc", name: "Keycloak", issuer: "https://sso.acme.example/realms/staff", ...client, usePkce: true, options: { ...options, isAutoUpdate: true }, active: true },
  { type: "oidc", name: "Auth0", issuer: "https://acme.eu.auth0.com/", ...client, scopes: ["openid", "profile", "email"], options, active: true },
  { type: "oidc", name: "Okta", issuer: "https://acme.okta.com", ...client, options, active: true },
  { type: "oidc", name: "Entra as OpenID", issuer: "https://login.microsoftonline.com/3f2504e0-4f89-11d3-9a0c-0305e82c3301/v2.0", ...client, options, active: true },
  { type: "oidc", name: "On this machine", issuer: "http://localhost:8080/realms/dev", ...client, usePkce: true, options: { isLinkingAllowed: true } },
  { type: "oidc", name: "Authentik", issuer: "https://auth.acme.example/application/o/zitadel/", ...client, options, active: false },
  { type: "oauth", name: "Forum", ...client, authorizationEndpoint: "https://forum.acme.example/authorize", tokenEndpoint: "https://forum.acme.example/token", userEndpoint: "https://forum.acme.example/me", idAttribute: "id", usePkce: true, scopes: ["profile"], options, active: true },
  { type: "jwt", name: "Portal", issuer: "urn:acme:portal", jwtEndpoint: "https://portal.acme.example/jwt", keysEndpoint: "https://portal.acme.example/keys", headerName: "x-portal-jwt", audience: "zitadel", options, active: true },
  { ...directory, name: "Directory", options, active: true },
  { ...directory, name: "Directory over StartTLS", servers: ["ldap://ldap.acme.example:389"], startTls: true, options: { isLinkingAllowed: true, autoLinking: "username" }, active: true },
  { type: "saml", name: "ADFS", metadataXml: metadata(), withSignedRequest: true, signatureAlgorithm: "rsa-sha256", binding: "redirect", options, active: true },
  { type: "saml", name: "Shibboleth", metadataXml: metadata(' WantAuthnRequestsSigned="true"'), withSignedRequest: true, nameIdFormat: "transient", transientMappingAttributeName: "urn:oid:0.9.2342.19200300.100.1.1", options, active: true },
  { type: "saml", name: "Federation", metadataUrl: "https://idp.acme.example/metadata", options, active: true },
  { type: "zitadel", name: "Partner", issuer: "https://partner.zitadel.cloud", ...client, options },
]; // prettier-ignore
