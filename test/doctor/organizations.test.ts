import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diagnose, type DiagnoseOptions, type Finding } from "../../src/doctor/index.js";
import type { DesiredProvider } from "../../src/providers/index.js";
import {
  type CodeFlowAnswer,
  type CodeFlowOptions,
  knownSecret,
  startCodeFlowServer,
} from "./support/code-flow-server.js";
import { listProblems, useCodeFlowFixture } from "./support/code-flow-fixture.js";
import { certificatesByKey } from "./support/certificates-by-key.js";
import { createRsaJwk } from "./support/issuer-server.js";
import {
  createMetadata,
  type MetadataParts,
  type SamlServer,
  startSamlServer,
} from "./support/saml-server.js";
import { type CreatedCertificate, createSelfSigned } from "./support/self-signed.js";
import {
  adminDn,
  adminPassword,
  baseDn,
  type Slapd,
  startSlapd,
  userEntry,
} from "./support/slapd.js";

const fixture = await useCodeFlowFixture();
let slapd: Slapd;
let saml: SamlServer;
let root: CreatedCertificate;
beforeAll(async () => {
  root = await createSelfSigned({ name: "Acme Root CA", isAuthority: true });
  const tls = await createSelfSigned({ name: "localhost", dnsNames: ["localhost"], signer: root });
  [slapd, saml] = await Promise.all([
    startSlapd({ tls, entries: userEntry("alice") + userEntry("bob") }),
    startSamlServer(tls),
  ]);
});
afterAll(async () => {
  await Promise.all([slapd, saml].map((each) => each[Symbol.asyncDispose]()));
});

async function findingsOf(
  entry: DesiredProvider,
  options: DiagnoseOptions = {},
): Promise<readonly Finding[]> {
  const { findings } = await diagnose(fixture.client, {
    desired: { organization: { providers: [entry] } },
    baseUrl: fixture.url,
    allowPrivate: true,
    probeSecrets: true,
    tls: { ca: root.cert },
    ...options,
  });
  return findings;
}

const usual = { isCreationAllowed: true, isAutoCreation: true } as const;
const client = {
  clientId: "zitadel",
  clientSecret: knownSecret,
  options: usual,
  active: true,
} as const;
const rsa = createRsaJwk();

/** The parts in which an OpenID provider differs from a plain one. */
interface Product {
  readonly name: string;
  /** The path of the issuer. */
  readonly path?: string;
  readonly endpoints: Readonly<Record<"authorization" | "token" | "userinfo" | "keys", string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly keys?: readonly object[];
  readonly userinfo?: CodeFlowAnswer;
  readonly fields?: Partial<DesiredProvider>;
  readonly server?: CodeFlowOptions;
}

/** Returns a server with the paths and the discovery document of a product. */
function toServer(
  product: Product,
  change: Readonly<Record<string, unknown>> = {},
  handlers: CodeFlowOptions["handlers"] = {},
): CodeFlowOptions {
  const { path = "", endpoints, metadata, keys = [rsa], userinfo, server } = product;
  const at = (name: keyof Product["endpoints"]): string => endpoints[name];
  return {
    redirectUris: fixture.redirectUris,
    ...server,
    aliases: { [at("authorization")]: "/authorize", [at("token")]: "/token" },
    handlers: {
      [`${path.replace(/\/$/, "")}/.well-known/openid-configuration`]: ({ url: { origin } }) => ({
        body: {
          issuer: origin + path,
          authorization_endpoint: origin + at("authorization"),
          token_endpoint: origin + at("token"),
          userinfo_endpoint: origin + at("userinfo"),
          jwks_uri: origin + at("keys"),
          response_types_supported: ["code", "id_token", "code id_token"],
          id_token_signing_alg_values_supported: ["RS256"],
          scopes_supported: ["openid", "profile", "email", "phone"],
          ...metadata,
          ...change,
        },
      }),
      [at("keys")]: () => ({ body: { keys } }),
      [at("userinfo")]: () =>
        userinfo ?? { status: 401, headers: { "www-authenticate": "Bearer" }, body: {} },
      ...handlers,
    },
  };
}

const keycloak: Product = {
  name: "Keycloak",
  path: "/realms/staff",
  endpoints: {
    authorization: "/realms/staff/protocol/openid-connect/auth",
    token: "/realms/staff/protocol/openid-connect/token",
    userinfo: "/realms/staff/protocol/openid-connect/userinfo",
    keys: "/realms/staff/protocol/openid-connect/certs",
  },
  metadata: {
    code_challenge_methods_supported: ["plain", "S256"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    token_endpoint_auth_methods_supported: [
      "private_key_jwt",
      "client_secret_basic",
      "client_secret_post",
    ],
    scopes_supported: ["openid", "profile", "email", "phone", "offline_access", "roles"],
  },
  keys: [rsa, createRsaJwk({ use: "enc", alg: "RSA-OAEP", kid: "enc-1" })],
  fields: { usePkce: true },
};

const products: readonly Product[] = [
  keycloak,
  {
    name: "Authentik",
    path: "/application/o/zitadel/",
    endpoints: {
      authorization: "/application/o/authorize/",
      token: "/application/o/token/",
      userinfo: "/application/o/userinfo/",
      keys: "/application/o/zitadel/jwks/",
    },
    metadata: {
      code_challenge_methods_supported: ["plain", "S256"],
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    },
    userinfo: { status: 401, headers: { "www-authenticate": 'error="invalid_token"' }, body: "" },
  },
  {
    name: "Dex",
    path: "/dex",
    endpoints: {
      authorization: "/dex/auth",
      token: "/dex/token",
      userinfo: "/dex/userinfo",
      keys: "/dex/keys",
    },
    metadata: {
      response_types_supported: ["code"],
      scopes_supported: ["openid", "email", "groups", "profile", "offline_access"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    },
    userinfo: { status: 403, body: { error: "access_denied" } },
    fields: { scopes: ["openid", "profile", "email", "groups"] },
  },
  {
    name: "Auth0",
    path: "/",
    endpoints: {
      authorization: "/authorize",
      token: "/oauth/token",
      userinfo: "/userinfo",
      keys: "/.well-known/jwks.json",
    },
    metadata: {
      scopes_supported: ["openid", "profile", "offline_access", "name", "email", "phone"],
      code_challenge_methods_supported: ["S256", "plain"],
      id_token_signing_alg_values_supported: ["HS256", "RS256", "PS256"],
    },
    userinfo: { status: 401, body: "Unauthorized", headers: { "content-type": "text/plain" } },
  },
  {
    name: "Okta",
    path: "/oauth2/default",
    endpoints: {
      authorization: "/oauth2/default/v1/authorize",
      token: "/oauth2/default/v1/token",
      userinfo: "/oauth2/default/v1/userinfo",
      keys: "/oauth2/default/v1/keys",
    },
    metadata: {
      code_challenge_methods_supported: ["S256"],
      scopes_supported: [
        "openid",
        "profile",
        "email",
        "address",
        "phone",
        "offline_access",
        "device_sso",
      ],
    },
    userinfo: { status: 400, body: "" },
    fields: { usePkce: true },
  },
  {
    name: "Entra as OpenID",
    path: "/3f2504e0-4f89-11d3-9a0c-0305e82c3301/v2.0",
    endpoints: {
      authorization: "/t/oauth2/v2.0/authorize",
      token: "/t/oauth2/v2.0/token",
      userinfo: "/oidc/userinfo",
      keys: "/t/discovery/v2.0/keys",
    },
    metadata: {
      response_types_supported: ["code", "id_token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      token_endpoint_auth_methods_supported: [
        "client_secret_post",
        "private_key_jwt",
        "client_secret_basic",
      ],
    },
    keys: [rsa, createRsaJwk({ kid: "rsa-2", alg: undefined })],
    fields: { scopes: ["openid", "profile", "email"] },
  },
  {
    name: "AD FS",
    path: "/adfs",
    endpoints: {
      authorization: "/adfs/oauth2/authorize/",
      token: "/adfs/oauth2/token/",
      userinfo: "/adfs/userinfo",
      keys: "/adfs/discovery/keys",
    },
    metadata: {
      scopes_supported: ["email", "profile", "openid", "allatclaims", "user_impersonation"],
      token_endpoint_auth_methods_supported: [
        "client_secret_post",
        "client_secret_basic",
        "private_key_jwt",
        "windows_client_authentication",
      ],
    },
    fields: { scopes: ["openid", "profile", "email"] },
  },
  {
    name: "Google Workspace with hd",
    endpoints: {
      authorization: "/o/oauth2/v2/auth",
      token: "/token",
      userinfo: "/v1/userinfo",
      keys: "/oauth2/v3/certs",
    },
    metadata: {
      code_challenge_methods_supported: ["plain", "S256"],
      scopes_supported: ["openid", "email", "profile"],
    },
    fields: { scopes: ["openid", "profile", "email"], usePkce: true },
  },
  {
    name: "Ping",
    path: "/as",
    endpoints: {
      authorization: "/as/authorization.oauth2",
      token: "/as/token.oauth2",
      userinfo: "/idp/userinfo.openid",
      keys: "/pf/JWKS",
    },
    metadata: { code_challenge_methods_supported: ["plain", "S256"] },
    keys: [
      rsa,
      {
        kty: "EC",
        crv: "P-256",
        kid: "ec",
        x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        use: "sig",
      },
    ],
  },
];

const directory = (): DesiredProvider & { type: "ldap" } => ({
  type: "ldap",
  name: "Directory",
  servers: [slapd.tlsUrl],
  rootCa: root.cert,
  baseDn,
  bindDn: adminDn,
  bindPassword: adminPassword,
  userBase: "dn",
  userObjectClasses: ["inetOrgPerson"],
  userFilters: ["uid", "mail"],
  timeout: "10s",
  attributes: {
    idAttribute: "uid",
    firstNameAttribute: "givenName",
    lastNameAttribute: "sn",
    emailAttribute: "mail",
    preferredUsernameAttribute: "uid",
  },
  options: usual,
  active: true,
});

describe("reports at most notes for", () => {
  test.each(products)("$name", async (product) => {
    await using server = await startCodeFlowServer(toServer(product));
    const entry = {
      type: "oidc",
      name: product.name,
      issuer: server.origin + (product.path ?? ""),
      ...client,
      ...product.fields,
    } as DesiredProvider;
    expect(listProblems(await findingsOf(entry))).toEqual([]);
  });

  test("a self-hosted GitLab", async () => {
    const product: Product = {
      name: "GitLab",
      endpoints: {
        authorization: "/oauth/authorize",
        token: "/oauth/token",
        userinfo: "/oauth/userinfo",
        keys: "/oauth/discovery/keys",
      },
      metadata: {
        scopes_supported: ["api", "read_user", "openid", "profile", "email"],
        code_challenge_methods_supported: ["plain", "S256"],
      },
    };
    await using server = await startCodeFlowServer(toServer(product));
    const entry: DesiredProvider = {
      type: "gitlabSelfHosted",
      name: "GitLab",
      issuer: server.origin,
      ...client,
    };
    expect(listProblems(await findingsOf(entry))).toEqual([]);
  });

  test("a GitHub Enterprise Server", async () => {
    await using server = await startCodeFlowServer({ redirectUris: fixture.redirectUris });
    const { origin } = server;
    const entry: DesiredProvider = {
      type: "githubEs",
      name: "GitHub",
      authorizationEndpoint: `${origin}/authorize`,
      tokenEndpoint: `${origin}/token`,
      userEndpoint: `${origin}/user`,
      ...client,
    };
    expect(listProblems(await findingsOf(entry))).toEqual([]);
  });

  test.each<[string, () => Partial<DesiredProvider & { type: "ldap" }>]>([
    ["OpenLDAP with ldaps: and rootCa", () => ({})],
    [
      "OpenLDAP with StartTLS and an authority that the machine trusts",
      () => ({ servers: [slapd.plainUrl], startTls: true, rootCa: "" }),
    ],
    [
      "a directory with two servers",
      () => ({ servers: [slapd.tlsUrl, slapd.tlsUrl.replace("localhost", "LOCALHOST")] }),
    ],
    [
      "the classes and filters of Active Directory, as far as slapd has them",
      () => ({ userObjectClasses: ["person", "organizationalPerson"], userFilters: ["mail"] }),
    ],
  ])("%s", async (_, change) => {
    expect(listProblems(await findingsOf({ ...directory(), ...change() }))).toEqual([]);
  });

  test.each<[string, MetadataParts, Partial<DesiredProvider & { type: "saml" }>]>([
    [
      "SAML of AD FS, with certificates for both uses",
      {
        entityId: "http://adfs.acme.example/adfs/services/trust",
        nameIdFormats: [
          "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
          "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        ],
      },
      { binding: "post" },
    ],
    [
      "SAML of Okta",
      {
        entityId: "http://www.okta.com/exk1",
        nameIdFormats: [
          "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
          "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ],
      },
      { nameIdFormat: "email-address" },
    ],
    [
      "SAML of Shibboleth, with transient names",
      { nameIdFormats: ["urn:oasis:names:tc:SAML:2.0:nameid-format:transient"] },
      {
        nameIdFormat: "transient",
        transientMappingAttributeName: "urn:oid:0.9.2342.19200300.100.1.1",
      },
    ],
    [
      "SAML of Keycloak with signed requests",
      { wantsSigned: true },
      { withSignedRequest: true, signatureAlgorithm: "rsa-sha256" },
    ],
    ["SAML with an EC key", { both: [certificatesByKey["P-256"]] }, {}],
  ])("%s", async (_, parts, fields) => {
    const signOn = { "HTTP-Redirect": `${saml.url}/sso`, "HTTP-POST": `${saml.url}/sso` };
    const metadataXml = createMetadata({ signing: [root.cert], signOn, ...parts });
    const entry: DesiredProvider = {
      type: "saml",
      name: "SAML",
      metadataXml,
      options: usual,
      active: true,
      ...fields,
    };
    expect(listProblems(await findingsOf(entry))).toEqual([]);
  });

  test("a portal with JWTs", async () => {
    await using server = await startCodeFlowServer({
      handlers: {
        "/keys": () => ({ body: { keys: [rsa] } }),
        "/jwt": () => ({ body: "<p>Sign in</p>" }),
      },
    });
    const entry: DesiredProvider = {
      type: "jwt",
      name: "Portal",
      issuer: server.origin,
      jwtEndpoint: `${server.origin}/jwt`,
      keysEndpoint: `${server.origin}/keys`,
      headerName: "Authorization",
      audience: "zitadel",
      options: usual,
      active: true,
    };
    expect(listProblems(await findingsOf(entry))).toEqual([]);
  });
});

describe("finds in Keycloak", () => {
  const at = keycloak.endpoints;
  const answers = (path: string, answer: CodeFlowAnswer): CodeFlowOptions["handlers"] => ({
    [path]: () => answer,
  });

  test.each<
    [
      string,
      RegExp,
      Partial<DesiredProvider & { type: "oidc" }>,
      Readonly<Record<string, unknown>>?,
      CodeFlowOptions["handlers"]?,
    ]
  >([
    [
      "a token endpoint that is gone",
      /^broken oidc\/endpoint-failing/,
      {},
      {},
      answers(at.token, { status: 404, body: { error: "HTTP 404 Not Found" } }),
    ],
    [
      "a token endpoint of a gateway in maintenance",
      /^broken oidc\/endpoint-failing/,
      {},
      {},
      answers(at.token, { status: 503, body: { error: "temporarily_unavailable" } }),
    ],
    [
      "a token endpoint on a host that nobody knows",
      /^broken oidc\/endpoint-unreachable/,
      {},
      { token_endpoint: "https://sso.acme.invalid/token" },
    ],
    [
      "a token endpoint at a port where nobody listens",
      /^broken oidc\/endpoint-unreachable/,
      {},
      { token_endpoint: "http://localhost:9/token" },
    ],
    [
      "a userinfo endpoint that is gone",
      /^broken oidc\/endpoint-failing/,
      {},
      {},
      answers(at.userinfo, { status: 404 }),
    ],
    [
      "a userinfo endpoint that fails",
      /^broken oidc\/endpoint-failing/,
      {},
      {},
      answers(at.userinfo, { status: 500, body: "oops" }),
    ],
    [
      "a userinfo endpoint that shows a page",
      /^broken oidc\/endpoint-failing/,
      {},
      {},
      answers(at.userinfo, { body: "<html>Welcome</html>" }),
    ],
    [
      "an authorization endpoint that fails",
      /^broken callback\/endpoint-missing/,
      {},
      {},
      answers(at.authorization, { status: 502 }),
    ],
    [
      "an authorization endpoint that is gone",
      /^broken callback\/endpoint-missing/,
      {},
      {},
      answers(at.authorization, { status: 410 }),
    ],
    [
      "an authorization endpoint on an unknown host",
      /^broken oidc\/endpoint-unreachable/,
      {},
      { authorization_endpoint: "https://sso.acme.invalid/auth" },
    ],
    [
      "keys on an unknown host",
      /^broken oidc\/keys-unreachable/,
      {},
      { jwks_uri: "https://sso.acme.invalid/certs" },
    ],
    ["keys that fail", /^broken oidc\/keys-unreachable/, {}, {}, answers(at.keys, { status: 500 })],
    [
      "an empty key set",
      /^broken oidc\/no-usable-key/,
      {},
      {},
      answers(at.keys, { body: { keys: [] } }),
    ],
    [
      "a short key",
      /^risk oidc\/weak-key/,
      {},
      {},
      answers(at.keys, { body: { keys: [createRsaJwk({}, 1024)] } }),
    ],
    [
      "only a key for encryption",
      /^broken oidc\/no-usable-key/,
      {},
      {},
      answers(at.keys, { body: { keys: [createRsaJwk({ use: "enc" })] } }),
    ],
    [
      "another realm in the document",
      /^broken oidc\/issuer-mismatch/,
      {},
      { issuer: "http://localhost/realms/Staff" },
    ],
    ["a wrong secret", /^broken secret\/rejected/, { clientSecret: "another-secret-of-somebody" }],
    [
      "the name of a variable as a secret",
      /^broken secret\/wrong-kind/,
      { clientSecret: "KEYCLOAK_CLIENT_SECRET" },
    ],
    [
      "the name of a file as a secret",
      /^broken secret\/wrong-kind/,
      { clientSecret: "./keycloak.secret" },
    ],
    ["the client id as a secret", /^risk client\/same-values/, { clientSecret: "zitadel" }],
    [
      "a placeholder as a secret",
      /^broken (?:secret\/malformed|text\/placeholder)/,
      { clientSecret: "<client-secret>" },
    ],
    ["an unknown client id", /^broken callback\/unknown-client/, { clientId: "Zitadel" }],
    [
      "ID tokens with HS256 only",
      /^broken oidc\/id-token-algorithm/,
      {},
      { id_token_signing_alg_values_supported: ["HS256"] },
    ],
    [
      "private_key_jwt only",
      /^broken oidc\/client-authentication/,
      {},
      { token_endpoint_auth_methods_supported: ["private_key_jwt"] },
    ],
    [
      "the implicit flow only",
      /^broken oidc\/code-unsupported/,
      {},
      { response_types_supported: ["id_token"] },
    ],
    [
      "scopes in one text",
      /^risk (?:scopes\/comma|oidc\/scope-unsupported)/,
      { scopes: ["openid,profile,email"] },
    ],
    [
      "a scope with a typing error",
      /^risk oidc\/scope-unsupported/,
      { scopes: ["openid", "profile", "emial"] },
    ],
    ["an id that no user can have", /^broken options\/nobody-can-enter/, { options: {} }],
    [
      "creation that has no effect",
      /^risk options\/auto-creation-not-allowed/,
      { options: { isAutoCreation: true, isLinkingAllowed: true } },
    ],
  ])("%s", async (_, expected, fields, change = {}, handlers = {}) => {
    await using server = await startCodeFlowServer(toServer(keycloak, change, handlers));
    const entry = {
      type: "oidc",
      name: "Keycloak",
      issuer: `${server.origin}/realms/staff`,
      ...client,
      usePkce: true,
      ...fields,
    } as DesiredProvider;
    expect(listProblems(await findingsOf(entry))).toContainEqual(expect.stringMatching(expected));
  });
});

describe("finds in a directory", () => {
  test.each<[string, RegExp, () => Partial<DesiredProvider & { type: "ldap" }>, DiagnoseOptions?]>([
    [
      "StartTLS with a root CA that ZITADEL ignores",
      /^risk version\/ldap-start-tls-root-ca/,
      () => ({ servers: [slapd.plainUrl], startTls: true }),
      { tls: undefined },
    ],
    [
      "StartTLS with an authority that nobody trusts",
      /^broken ldap\/certificate-untrusted: .*ignores rootCa/,
      () => ({ servers: [slapd.plainUrl], startTls: true, rootCa: "" }),
      { tls: undefined },
    ],
    [
      "ldaps: without a root CA",
      /^broken ldap\/certificate-untrusted/,
      () => ({ rootCa: "" }),
      { tls: undefined },
    ],
    [
      "ldaps: at the port without TLS",
      /^broken ldap\/port-without-tls/,
      () => ({ servers: [slapd.plainUrl.replace("ldap:", "ldaps:")] }),
    ],
    [
      "a password without TLS across a network",
      /^risk ldap\/no-tls/,
      () => ({ servers: ["ldap://ldap.acme.invalid"], rootCa: "" }),
    ],
    [
      "a host that nobody knows",
      /^broken ldap\/unreachable/,
      () => ({ servers: ["ldaps://ldap.acme.invalid"] }),
    ],
    ["a wrong password", /^broken ldap\/bind-rejected/, () => ({ bindPassword: "wrong" })],
    [
      "an account that does not exist",
      /^broken ldap\/bind-rejected/,
      () => ({ bindDn: `cn=zitadel,${baseDn}` }),
    ],
    ["a plain name as the account", /^risk ldap\/bind-dn-form/, () => ({ bindDn: "admin" })],
    [
      "a base that does not exist",
      /^broken ldap\/base-dn-missing/,
      () => ({ baseDn: `ou=staff,${baseDn}` }),
    ],
    [
      "a base that is not a distinguished name",
      /^broken ldap\/base-dn-invalid/,
      () => ({ baseDn: "acme" }),
    ],
    [
      "account and base in each other's fields",
      /^broken ldap\/swapped-names/,
      () => ({ baseDn: adminDn, bindDn: baseDn }),
    ],
    [
      "the attribute of Active Directory in OpenLDAP",
      /^broken ldap\/user-filter-unmatched/,
      () => ({ userFilters: ["sAMAccountName"] }),
    ],
    [
      "the class of Active Directory in OpenLDAP",
      /^broken ldap\/object-class-unmatched/,
      () => ({ userObjectClasses: ["user"] }),
    ],
    [
      "an id in other case",
      /^broken ldap\/attribute-case/,
      () => ({ attributes: { idAttribute: "UID" } }),
    ],
    [
      "an id that changes",
      /^risk ldap\/changeable-id-attribute/,
      () => ({ attributes: { idAttribute: "mail" } }),
    ],
    [
      "a port after a slash",
      /^broken ldap\/port-in-path/,
      () => ({ servers: ["ldaps://localhost/636"] }),
    ],
    ["a timeout of a moment", /^risk ldap\/timeout-short/, () => ({ timeout: "0.1s" })],
  ])("%s", async (_, expected, change, options) => {
    expect(listProblems(await findingsOf({ ...directory(), ...change() }, options))).toContainEqual(
      expect.stringMatching(expected),
    );
  });
});

describe("finds in SAML", () => {
  test.each<
    [
      string,
      RegExp,
      () => Promise<MetadataParts> | MetadataParts,
      Partial<DesiredProvider & { type: "saml" }>?,
    ]
  >([
    [
      "a key of Ed25519",
      /^broken saml\/key-unsupported/,
      () => ({ signing: [certificatesByKey.Ed25519] }),
    ],
    [
      "a certificate that has expired",
      /^broken saml\/certificate-expired/,
      async () => ({
        signing: [
          (await createSelfSigned({ notBefore: new Date(0), notAfter: new Date(1e12) })).cert,
        ],
      }),
    ],
    [
      "a certificate with SHA-1",
      /^risk saml\/certificate-weak/,
      async () => ({ signing: [(await createSelfSigned({ hash: "SHA-1" })).cert] }),
    ],
    [
      "a short key",
      /^risk saml\/certificate-weak/,
      async () => ({ signing: [(await createSelfSigned({ bits: 1024 })).cert] }),
    ],
    ["no certificate", /^broken saml\/signing-certificate-missing/, () => ({ signing: [] })],
    [
      "a page that has moved",
      /^risk saml\/endpoint-not-found/,
      () => ({ signOn: { "HTTP-Redirect": `${saml.url}/old` } }),
    ],
    [
      "a page on an unknown host",
      /^broken saml\/endpoint-unreachable/,
      () => ({ signOn: { "HTTP-Redirect": "https://sso.acme.invalid/sso" } }),
    ],
    [
      "a binding that is not offered",
      /^broken saml\/binding-missing/,
      () => ({ signOn: { "HTTP-POST": `${saml.url}/sso` } }),
      { binding: "redirect" },
    ],
    ["unsigned requests", /^risk saml\/requests-unsigned/, () => ({ wantsSigned: true })],
    [
      "transient names without an attribute",
      /^broken saml\/transient-unmapped/,
      () => ({}),
      { nameIdFormat: "transient" },
    ],
    [
      "requests with SHA-1",
      /^risk saml\/signature-weak/,
      () => ({}),
      { withSignedRequest: true, signatureAlgorithm: "rsa-sha1" },
    ],
  ])("%s", async (_, expected, parts, fields) => {
    const signOn = { "HTTP-Redirect": `${saml.url}/sso` };
    const metadataXml = createMetadata({ signing: [root.cert], signOn, ...(await parts()) });
    const entry: DesiredProvider = {
      type: "saml",
      name: "SAML",
      metadataXml,
      options: usual,
      active: true,
      ...fields,
    };
    expect(listProblems(await findingsOf(entry))).toContainEqual(expect.stringMatching(expected));
  });
});

describe("finds in other types", () => {
  const apple = {
    type: "apple",
    name: "Apple",
    clientId: "com.acme.web",
    teamId: "TEAMTEAMTE",
    keyId: "KEYKEYKEYK",
    options: usual,
  } as const;
  const entra = {
    type: "azureAd",
    name: "Entra",
    clientId: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    tenant: "common",
    options: usual,
  } as const;
  test.each<[string, RegExp, DesiredProvider]>([
    ["a key id that is the team id", /^broken apple\/key-id/, { ...apple, keyId: apple.teamId }],
    ["an App ID", /^broken apple\/client-id/, { ...apple, clientId: "TEAMTEAMTE.com.acme.app" }],
    [
      "the id of a secret of Entra",
      /^broken secret\/entra-secret-id/,
      { ...entra, clientSecret: "3f2504e0-4f89-11d3-9a0c-0305e82c3302" },
    ],
    [
      "a mail address as the client of Entra",
      /^broken client\/wrong-kind/,
      { ...entra, clientId: "admin@acme.onmicrosoft.com" },
    ],
    [
      "foreign addresses as verified",
      /^risk entra\/unverified-email/,
      { ...entra, emailVerified: true },
    ],
    [
      "a secret of Google as its client id",
      /^broken client\/swapped/,
      { type: "google", name: "Google", clientId: "GOCSPX-0123456789abcdefghij", options: usual },
    ],
    [
      "the page of a ZITADEL as its issuer",
      /^broken oidc\/issuer-mismatch/,
      {
        type: "zitadel",
        name: "Partner",
        issuer: "https://acme.zitadel.invalid/ui/console",
        clientId: "1",
        options: usual,
      },
    ],
    [
      "a word as the page of JWTs",
      /^broken jwt\/endpoint-invalid/,
      {
        type: "jwt",
        name: "JWT",
        issuer: "acme",
        jwtEndpoint: "nourl",
        keysEndpoint: "https://keys.acme.invalid",
        headerName: "x-jwt",
      },
    ],
    [
      "a header that carries no token",
      /^broken jwt\/header-name/,
      {
        type: "jwt",
        name: "JWT",
        issuer: "acme",
        jwtEndpoint: "https://jwt.acme.invalid",
        keysEndpoint: "https://keys.acme.invalid",
        headerName: "Cookie",
      },
    ],
    [
      "endpoints in each other's fields",
      /^broken oauth\/swapped-endpoints/,
      {
        type: "oauth",
        name: "O",
        clientId: "1",
        authorizationEndpoint: "https://o.acme.invalid/token",
        tokenEndpoint: "https://o.acme.invalid/authorize",
        userEndpoint: "https://o.acme.invalid/me",
        idAttribute: "id",
      },
    ],
    [
      "the discovery document as the token endpoint",
      /^broken url\/discovery-document/,
      {
        type: "oauth",
        name: "O",
        clientId: "1",
        authorizationEndpoint: "https://o.acme.invalid/authorize",
        tokenEndpoint: "https://o.acme.invalid/.well-known/openid-configuration",
        userEndpoint: "https://o.acme.invalid/me",
        idAttribute: "id",
      },
    ],
  ])("%s", async (_, expected, entry) => {
    // The servers of companies are not asked here.
    const options = { probeSecrets: false, proxy: "http://127.0.0.1:9" };
    expect(listProblems(await findingsOf(entry, options))).toContainEqual(
      expect.stringMatching(expected),
    );
  });
});
