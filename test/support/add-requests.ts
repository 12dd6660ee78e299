import { generateKeyPairSync } from "node:crypto";

/** The shortest valid metadata of a SAML identity provider. */
export const samlMetadata: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor/></EntityDescriptor>',
);

/** A private key in Apple's format. */
export const applePrivateKey: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ format: "pem", type: "pkcs8" })
    .toString(),
);

const client = { clientId: "client", clientSecret: "secret" };
const endpoints = {
  authorizationEndpoint: "https://a.example/auth",
  tokenEndpoint: "https://a.example/token",
  userEndpoint: "https://a.example/user",
};
const issuer = "https://a.example";

/**
 * A valid request for each RPC that adds a provider, by its name without `Add` and `Provider`. The requests fit the updates too.
 */
export const providerRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  GenericOAuth: { name: "n", ...client, ...endpoints, idAttribute: "id" },
  GenericOIDC: { name: "n", issuer, ...client },
  JWT: { name: "n", issuer, jwtEndpoint: "j", keysEndpoint: "k", headerName: "h" },
  AzureAD: { name: "n", ...client },
  GitHub: { name: "n", ...client },
  GitHubEnterpriseServer: { name: "n", ...client, ...endpoints },
  GitLab: { name: "n", ...client },
  GitLabSelfHosted: { name: "n", issuer, ...client },
  Google: { name: "n", ...client },
  LDAP: {
    name: "n",
    servers: ["ldap://a.example"],
    baseDn: "b",
    bindDn: "d",
    bindPassword: "p",
    userBase: "u",
    userObjectClasses: ["c"],
    userFilters: ["f"],
  },
  Apple: {
    name: "n",
    clientId: "client",
    teamId: "T123456789",
    keyId: "K123456789",
    privateKey: applePrivateKey,
  },
  SAML: { name: "n", metadata: { case: "metadataXml", value: samlMetadata } },
  Zitadel: { name: "n", issuer, ...client },
};

/** Valid requests for the RPCs that add a legacy IDP. */
export const legacyRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  OIDC: { name: "n", issuer, ...client },
  JWT: { name: "n", issuer, jwtEndpoint: "j", keysEndpoint: "k", headerName: "h" },
};
