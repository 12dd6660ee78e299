import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oidcChecks } from "../../src/doctor/checks/oidc/oidc-checks.js";
import {
  diagnose,
  type DiagnoseOptions,
  type Finding,
  type Severity,
} from "../../src/doctor/index.js";
import { createProviders, type ProviderSettings } from "../../src/providers/index.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import { startEndlessServer } from "../support/endless-server.js";
import { findFreePorts } from "../support/ports.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { startUnresponsiveServer } from "../support/unresponsive-server.js";
import {
  aboveNotes,
  type CheckedEmulator,
  startCheckedEmulator,
} from "./support/checked-emulator.js";
import { createRsaJwk, type IssuerOptions, startIssuerServer } from "./support/issuer-server.js";
import { startPublicHosts } from "./support/public-hosts.js";
import { startOidcProvider } from "./support/start-oidc-provider.js";

let emulator: CheckedEmulator;
let authority: TestAuthority;
beforeAll(async () => {
  [emulator, authority] = await Promise.all([startCheckedEmulator(), createAuthority()]);
});
afterAll(() => emulator[Symbol.asyncDispose]());

const reported = new Set<string>();

const oidc = (issuer: string): ProviderSettings & { type: "oidc" } => ({
  type: "oidc",
  name: "Acme",
  issuer,
  clientId: "zitadel",
  clientSecret: "secret-of-the-client",
  scopes: ["openid", "profile", "email"],
});

async function findingsOf(
  settings: ProviderSettings,
  options?: DiagnoseOptions,
): Promise<readonly Finding[]> {
  const findings = await emulator.check(settings, options);
  findings.forEach(({ check }) => reported.add(check));
  for (const { provider, fix, message } of findings) {
    expect(provider).toMatchObject({ type: settings.type, name: settings.name });
    expect(fix).not.toBe("");
    expect(`${message} ${fix}`).not.toContain("secret-of-the-client");
  }
  return findings;
}

interface Planted {
  readonly name: string;
  /** The server of the issuer. */
  readonly server?: IssuerOptions;
  /** The settings of the provider that differ from a healthy one. */
  readonly settings?: (issuer: string) => Partial<ProviderSettings & { type: "oidc" }>;
  readonly options?: DiagnoseOptions;
  /** The only finding above a note, or the note if that is all. */
  readonly expected: readonly [severity: Severity, check: string, message: RegExp, fix?: RegExp];
  readonly field?: string;
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
const ecPublic = publicKey.export({ format: "jwk" });
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
const k256 = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey.export({
  format: "jwk",
});
const twice = createRsaJwk();
const ed25519 = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });

const planted: readonly Planted[] = [
  {
    name: "an issuer with a slash at the end that the document lacks",
    settings: (issuer) => ({ issuer: `${issuer}/` }),
    expected: [
      "broken",
      "oidc/issuer-mismatch",
      /they differ in a slash at the end/,
      /^zitadel-idp update \d+ --set issuer=http:\/\/localhost:\d+ --org \d+$/,
    ],
    field: "issuer",
  },
  {
    name: "an issuer without the slash at the end that the document has",
    server: { metadata: (issuer) => ({ issuer: `${issuer}/` }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in a slash at the end/],
  },
  {
    name: "a document whose issuer has another scheme",
    server: { metadata: (issuer) => ({ issuer: issuer.replace("http:", "https:") }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in http: instead of https:/],
  },
  {
    name: "an issuer in other case",
    server: { path: "/realms/acme", metadata: (i) => ({ issuer: i.replace("acme", "Acme") }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in upper and lower case/],
  },
  {
    name: "a document whose issuer has no port",
    server: { metadata: () => ({ issuer: "http://localhost" }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in a port/],
  },
  {
    name: "a document of another host",
    server: { metadata: (i) => ({ issuer: i.replace("localhost", "keycloak") }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in the host/],
  },
  {
    name: "a document of another path",
    server: { metadata: (i) => ({ issuer: `${i}/realms/master` }) },
    expected: ["broken", "oidc/issuer-mismatch", /they differ in the path/],
  },
  {
    name: "an issuer with a placeholder for the tenant",
    server: { metadata: () => ({ issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }) },
    expected: ["broken", "oidc/issuer-mismatch", /\{tenantid\}/, /use the type azureAd/],
  },
  {
    name: "a document without issuer",
    server: { metadata: () => ({ issuer: undefined }) },
    expected: ["broken", "oidc/issuer-mismatch", /has no issuer/],
  },
  {
    name: "an issuer with the path of the discovery document",
    settings: (issuer) => ({ issuer: `${issuer}/.well-known/openid-configuration` }),
    expected: [
      "broken",
      "oidc/discovery-unreachable",
      /HTTP status 404/,
      /leave out the path of the discovery document.*--set issuer=http:\/\/localhost:\d+ --org/,
    ],
    field: "issuer",
  },
  {
    name: "an issuer without scheme",
    settings: () => ({ issuer: "accounts.acme.example" }),
    expected: ["broken", "oidc/issuer-invalid", /must be a URL that begins with https:/],
    field: "issuer",
  },
  {
    name: "an issuer with a placeholder",
    settings: () => ({ issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }),
    expected: ["broken", "oidc/issuer-invalid", /replace placeholders with real values/],
    field: "issuer",
  },
  {
    name: "an issuer without its path",
    server: { path: "/realms/acme" },
    settings: (issuer) => ({ issuer: new URL(issuer).origin }),
    expected: ["broken", "oidc/discovery-unreachable", /HTTP status 404/, /the realm/],
  },
  {
    name: "a server that fails",
    server: { answers: { "/.well-known/openid-configuration": { status: 500 } } },
    expected: ["broken", "oidc/discovery-unreachable", /HTTP status 500/, /logs/],
  },
  {
    name: "a server that forbids the request, as unchecked",
    server: { answers: { "/.well-known/openid-configuration": { status: 403 } } },
    expected: ["unchecked", "oidc/discovery-unreachable", /HTTP status 403/],
  },
  {
    name: "an issuer whose host has no address",
    settings: () => ({ issuer: "https://sso.acme.invalid" }),
    expected: ["broken", "oidc/discovery-unreachable", /sso\.acme\.invalid has no address/],
  },
  {
    name: "an issuer with TLS at a port without it",
    settings: (issuer) => ({ issuer: issuer.replace("http:", "https:") }),
    expected: ["broken", "oidc/discovery-unreachable", /does not accept TLS/],
  },
  {
    name: "a web page in place of the document",
    server: {
      answers: {
        "/.well-known/openid-configuration": {
          headers: { "content-type": "text/html" },
          body: "<html>Welcome</html>",
        },
      },
    },
    expected: ["broken", "oidc/discovery-invalid", /is not JSON/],
  },
  {
    name: "a document that is not an object",
    server: { answers: { "/.well-known/openid-configuration": { body: [1] } } },
    expected: ["broken", "oidc/discovery-invalid", /is not a JSON object/],
  },
  {
    name: "a document whose scopes are a text",
    server: { metadata: () => ({ scopes_supported: "openid profile" }) },
    expected: ["broken", "oidc/discovery-invalid", /a member scopes_supported of a wrong type/],
  },
  {
    name: "an issuer without TLS",
    options: { allowPrivate: false },
    expected: ["risk", "oidc/issuer-without-tls", /has no TLS/],
    field: "issuer",
  },
  {
    name: "a document without authorization endpoint",
    server: { metadata: () => ({ authorization_endpoint: undefined }) },
    expected: ["broken", "oidc/endpoint-missing", /has no authorization_endpoint/],
  },
  {
    name: "a document without token endpoint",
    server: { metadata: () => ({ token_endpoint: undefined }) },
    expected: ["broken", "oidc/endpoint-missing", /has no token_endpoint/],
  },
  {
    name: "a document without keys",
    server: { metadata: () => ({ jwks_uri: undefined }) },
    expected: ["broken", "oidc/endpoint-missing", /has no jwks_uri/],
  },
  {
    name: "a document without userinfo endpoint",
    server: { metadata: () => ({ userinfo_endpoint: undefined }) },
    expected: [
      "broken",
      "oidc/endpoint-missing",
      /has no userinfo_endpoint/,
      /--set isIdTokenMapping=true/,
    ],
    field: "isIdTokenMapping",
  },
  {
    name: "an endpoint that is a path",
    server: { metadata: () => ({ token_endpoint: "/oauth/token" }) },
    expected: [
      "broken",
      "oidc/endpoint-invalid",
      /the token_endpoint .* is "\/oauth\/token", but must be a URL/,
    ],
  },
  {
    name: "an endpoint at a name inside of a cluster",
    server: { metadata: () => ({ token_endpoint: "https://keycloak.sso.invalid:8080/token" }) },
    expected: [
      "broken",
      "oidc/endpoint-unreachable",
      /the token_endpoint https:.* keycloak\.sso\.invalid has no address/,
    ],
  },
  {
    name: "a provider without the code flow",
    server: { metadata: () => ({ response_types_supported: ["id_token", "token"] }) },
    expected: ["broken", "oidc/code-unsupported", /response_types_supported without code/],
  },
  {
    name: "a provider without the grant of codes",
    server: { metadata: () => ({ grant_types_supported: ["client_credentials"] }) },
    expected: ["broken", "oidc/code-unsupported", /without authorization_code/],
  },
  {
    name: "PKCE with a provider that only knows plain challenges",
    server: { metadata: () => ({ code_challenge_methods_supported: ["plain"] }) },
    settings: () => ({ usePkce: true }),
    expected: ["broken", "oidc/pkce-unsupported", /only "plain"/, /--set usePkce=false/],
    field: "usePkce",
  },
  {
    name: "PKCE with a provider that does not say if it knows it",
    server: { metadata: () => ({ code_challenge_methods_supported: undefined }) },
    settings: () => ({ usePkce: true }),
    expected: ["note", "oidc/pkce-not-listed", /no code_challenge_methods_supported/],
    field: "usePkce",
  },
  {
    name: "ID tokens with algorithms that ZITADEL does not accept",
    server: { metadata: () => ({ id_token_signing_alg_values_supported: ["HS256", "EdDSA"] }) },
    expected: ["broken", "oidc/id-token-algorithm", /"HS256, EdDSA" only/],
  },
  {
    name: "a token endpoint that accepts no client secret",
    server: {
      metadata: () => ({ token_endpoint_auth_methods_supported: ["private_key_jwt"] }),
    },
    expected: ["broken", "oidc/client-authentication", /"private_key_jwt" only/],
  },
  {
    name: "a scope that the provider does not list",
    settings: () => ({ scopes: ["openid", "emial"] }),
    expected: [
      "risk",
      "oidc/scope-unsupported",
      /the scope emial;/,
      /leave them out: zitadel-idp update \d+ --set scopes=openid --org/,
    ],
    field: "scopes",
  },
  {
    name: "scopes without openid, which ZITADEL adds",
    settings: () => ({ scopes: ["email"] }),
    expected: ["note", "oidc/openid-scope-added", /ZITADEL adds it/],
    field: "scopes",
  },
  {
    name: "a default scope that the provider does not list",
    server: { metadata: () => ({ scopes_supported: ["openid", "profile", "email"] }) },
    settings: () => ({ scopes: [] }),
    expected: ["note", "oidc/scope-unsupported", /phone, which ZITADEL requests by default/],
  },
  {
    name: "a scope of an API, which documents rarely list",
    settings: () => ({ scopes: ["openid", "https://acme.example/users.read"] }),
    expected: ["note", "oidc/scope-unsupported", /most providers ignore such scopes/],
  },
  {
    name: "keys that do not load",
    server: { answers: { "/keys": { status: 404 } } },
    expected: ["broken", "oidc/keys-unreachable", /HTTP status 404/],
  },
  {
    name: "a web page in place of the keys",
    server: { answers: { "/keys": { body: "<html>" } } },
    expected: ["broken", "oidc/keys-invalid", /is not JSON/],
  },
  {
    name: "a document without keys in place of the keys",
    server: { answers: { "/keys": { body: { error: "none" } } } },
    expected: ["broken", "oidc/keys-invalid", /has no list of keys/],
  },
  {
    name: "a malformed key, which spoils the whole set",
    server: { keys: [createRsaJwk(), { kty: "RSA", kid: "half", e: "AQAB" }] },
    expected: ["broken", "oidc/keys-invalid", /the key "half" is malformed.*the whole set/],
  },
  {
    name: "a key whose number is not base64",
    server: { keys: [createRsaJwk(), { kty: "RSA", kid: "signs", e: "AQAB", n: "!!" }] },
    expected: ["broken", "oidc/keys-invalid", /the key "signs" is malformed/],
  },
  {
    name: "a key whose number is in other base64 than that of URLs",
    server: { keys: [{ ...createRsaJwk(), kid: "other", n: `${"+/".repeat(171)}AA` }] },
    expected: ["broken", "oidc/keys-invalid", /the key "other" is malformed/],
  },
  {
    name: "a key with a damaged certificate",
    server: { keys: [{ ...createRsaJwk(), kid: "chain", x5c: ["!!"] }] },
    expected: ["broken", "oidc/keys-invalid", /the key "chain" has a malformed certificate/],
  },
  {
    name: "a key on an unknown curve, which spoils the whole set",
    server: { keys: [createRsaJwk(), { ...k256, kid: "bitcoin" }] },
    expected: ["broken", "oidc/keys-invalid", /"bitcoin" has a curve that ZITADEL does not know/],
  },
  {
    name: "a key without a type, which spoils the whole set",
    server: { keys: [createRsaJwk(), { kid: "blank" }] },
    expected: ["broken", "oidc/keys-invalid", /"blank" has no type/],
  },
  {
    name: "an empty key set",
    server: { keys: [] },
    expected: ["broken", "oidc/no-usable-key", /it is empty/],
  },
  {
    name: "keys for encryption only",
    server: { keys: [createRsaJwk({ use: "enc", alg: "RSA-OAEP" })] },
    expected: ["broken", "oidc/no-usable-key", /is for the use "enc", not for signatures/],
  },
  {
    name: "keys for algorithms that ZITADEL does not accept",
    server: { keys: [createRsaJwk({ alg: "RS512" }), { ...ecPublic, kid: "ec" }, ed25519] },
    expected: [
      "broken",
      "oidc/no-usable-key",
      /"rsa-1" is for the algorithm "RS512", the key "ec" is of the type "EC" for ES384, the key number 3 is of the type "OKP" for EdDSA/,
    ],
  },
  {
    name: "a private key among the published keys",
    server: {
      keys: [createRsaJwk(), { ...privateKey.export({ format: "jwk" }), kid: "leak" }],
    },
    expected: ["risk", "oidc/private-key-published", /the key "leak": anyone can sign/],
  },
  {
    name: "a symmetric key among the published keys",
    server: { keys: [createRsaJwk(), { kty: "oct", k: "c2VjcmV0", kid: "shared" }] },
    expected: ["risk", "oidc/private-key-published", /the key "shared"/],
  },
  {
    name: "an RSA key that is too short",
    server: { keys: [createRsaJwk({}, 1024)] },
    expected: ["risk", "oidc/weak-key", /"rsa-1" has only 1024 bits/],
  },
  {
    name: "several keys without an id",
    server: { keys: [createRsaJwk({ kid: undefined }), createRsaJwk({ kid: undefined })] },
    expected: ["broken", "oidc/ambiguous-keys", /have no id \(kid\) either: number 1, number 2/],
  },
  {
    name: "a key without an id, with a second key for another curve",
    server: { keys: [p256, ecPublic] },
    expected: ["broken", "oidc/ambiguous-keys", /no id \(kid\) either: number 1;/],
  },
  {
    name: "two keys with the same id",
    server: { keys: [createRsaJwk(), createRsaJwk(), createRsaJwk({ kid: "rsa-2" })] },
    expected: ["risk", "oidc/ambiguous-keys", /the same id \(kid\): "rsa-1", "rsa-1"/],
  },
];

/** The settings of a healthy provider of each type whose server this machine can be. */
interface Healthy {
  readonly name: string;
  readonly server?: IssuerOptions;
  readonly settings?: Partial<ProviderSettings & { type: "oidc" }>;
}

const healthy: readonly Healthy[] = [
  { name: "a usual provider" },
  { name: "a provider with PKCE", settings: { usePkce: true } },
  { name: "an issuer with a path", server: { path: "/realms/acme" } },
  {
    name: "an issuer with a slash at the end, which the document has too",
    server: { metadata: (issuer) => ({ issuer: `${issuer}/` }) },
    settings: {},
  },
  {
    name: "a document with the required members only",
    server: {
      metadata: () => ({
        scopes_supported: undefined,
        grant_types_supported: undefined,
        token_endpoint_auth_methods_supported: undefined,
        code_challenge_methods_supported: undefined,
      }),
    },
    settings: { usePkce: true },
  },
  {
    name: "a provider without userinfo endpoint, whose ID tokens have the user",
    server: { metadata: () => ({ userinfo_endpoint: null }) },
    settings: { isIdTokenMapping: true },
  },
  {
    name: "keys of other types, with one that ZITADEL uses",
    server: {
      keys: [
        { kty: "AKP", kid: "post-quantum", alg: "ML-DSA-44", pub: "AA" },
        { ...ed25519, kid: "ed" },
        createRsaJwk({ kid: "enc", use: "enc", alg: "RSA-OAEP" }),
        { ...p256, kid: "ec" },
      ],
    },
  },
  {
    name: "a key of each type, without ids",
    server: { keys: [createRsaJwk({ kid: undefined, use: undefined, alg: undefined }), p256] },
  },
  {
    name: "one key that is listed for two algorithms",
    server: { keys: [twice, { ...twice, alg: "RS512" }, { ...twice, alg: "PS256" }] },
  },
  {
    name: "a document of another content type",
    server: {
      answers: {
        "/keys": { headers: { "content-type": "text/plain" }, body: { keys: [createRsaJwk()] } },
      },
    },
  },
];

describe("doctor, OpenID Connect", () => {
  test.each(planted.map((each) => [each.name, each] as const))("finds %s", async (_, each) => {
    const { server, settings, options, expected, field } = each;
    await using issuer = await startIssuerServer(server);
    const found = await findingsOf(
      { ...oidc(issuer.issuer), ...settings?.(issuer.issuer) },
      options,
    );
    const [severity, check, message, fix] = expected;
    expect(aboveNotes(found)).toEqual(severity === "note" ? [] : [`${severity} ${check}`]);
    const finding = found.find((one) => one.check === check);
    expect(finding?.severity).toBe(severity);
    expect(finding?.message).toMatch(message);
    expect(finding?.fix).toMatch(fix ?? /./);
    if (field !== undefined) {
      expect(finding?.field).toBe(field);
    }
  });

  test.each(healthy.map((each) => [each.name, each] as const))(
    "reports at most notes for %s",
    async (_, { name, server, settings }) => {
      await using issuer = await startIssuerServer(server);
      const slash = name.includes("slash") ? "/" : "";
      const found = await findingsOf({ ...oidc(issuer.issuer + slash), ...settings });
      expect(aboveNotes(found)).toEqual([]);
      expect(issuer.requests).toContain(
        `${new URL(issuer.issuer).pathname}/keys`.replace("//", "/"),
      );
    },
  );

  test("reports at most notes for the package oidc-provider", async () => {
    await using running = await startOidcProvider();
    expect(aboveNotes(await findingsOf({ ...oidc(running.issuer), usePkce: true }))).toEqual([]);
  });

  test("finds algorithms that ZITADEL does not accept in the package oidc-provider", async () => {
    const key = createKeyPair().privateKey.export({ format: "jwk" });
    await using running = await startOidcProvider({
      enabledJWA: { idTokenSigningAlgValues: ["RS512"] },
      clientDefaults: { id_token_signed_response_alg: "RS512" },
      jwks: { keys: [{ ...key, use: "sig", alg: "RS512", kid: "rsa-1" }] },
    });
    expect(aboveNotes(await findingsOf(oidc(running.issuer)))).toEqual([
      "broken oidc/id-token-algorithm",
      "broken oidc/no-usable-key",
    ]);
  });

  test("finds several problems of one provider at once, the worst first", async () => {
    await using issuer = await startIssuerServer({
      metadata: () => ({ token_endpoint: undefined, response_types_supported: ["token"] }),
      keys: [createRsaJwk({}, 1024)],
    });
    const settings = { ...oidc(`${issuer.issuer}/`), scopes: ["openid", "emial"] };
    expect(aboveNotes(await findingsOf(settings))).toEqual([
      "broken oidc/issuer-mismatch",
      "broken oidc/code-unsupported",
      "broken oidc/endpoint-missing",
      "risk oidc/scope-unsupported",
      "risk oidc/weak-key",
    ]);
  });

  test("reports at most notes for another ZITADEL, which always uses PKCE", async () => {
    const settings = { ...oidc(emulator.url), type: "zitadel", name: "ZITADEL" } as const;
    expect(aboveNotes(await findingsOf(settings))).toEqual([]);
  });

  test.each([
    ["checks the scopes that ZITADEL keeps", "oidc", ["risk oidc/scope-unsupported"]],
    ["ignores the scopes that ZITADEL replaces", "zitadel", []],
  ] as const)(
    "%s when an entry of the type %s leaves them out",
    async (_description, type, expected) => {
      await using issuer = await startIssuerServer();
      const { scopes: _scopes, ...fields } = oidc(issuer.issuer);
      const entry = { ...fields, type, name: `Without scopes, ${type}` } as ProviderSettings;
      const added = { ...entry, scopes: ["openid", "emial"] } as ProviderSettings;
      const { id } = await createProviders(emulator.client, { owner: "org" }).add(added);
      const desired = { organization: { providers: [entry] } };
      expect(aboveNotes(await emulator.checkById(id, { desired }))).toEqual(expected);
    },
  );

  test("finds a ZITADEL without S256, whose PKCE cannot be switched off", async () => {
    await using issuer = await startIssuerServer({
      metadata: () => ({ code_challenge_methods_supported: [] }),
    });
    const settings = { ...oidc(issuer.issuer), type: "zitadel", name: "ZITADEL" } as const;
    const found = await findingsOf(settings);
    expect(aboveNotes(found)).toEqual(["broken oidc/pkce-unsupported"]);
    expect(found[0]?.fix).toBe("enable S256 at the provider");
  });

  test("finds redirects of the document, which ZITADEL follows", async () => {
    await using issuer = await startIssuerServer({ path: "/new" });
    await using old = await startIssuerServer({
      issuer: issuer.issuer,
      answers: {
        "/.well-known/openid-configuration": {
          status: 301,
          headers: { location: `${issuer.issuer}/.well-known/openid-configuration` },
        },
      },
    });
    const found = await findingsOf(oidc(`http://localhost:${old.port}`));
    expect(aboveNotes(found)).toEqual(["broken oidc/issuer-mismatch"]);
    expect(found.find(({ severity }) => severity === "note")).toMatchObject({
      check: "oidc/discovery-redirected",
      message: expect.stringContaining(`redirected to ${issuer.issuer}/.well-known/`),
    });
  });

  test("reports a server that never answers as unchecked", async () => {
    await using silent = await startUnresponsiveServer();
    const found = await findingsOf(oidc(silent.url), { timeoutMs: 100 });
    expect(aboveNotes(found)).toEqual(["unchecked oidc/discovery-unreachable"]);
    expect(found[0]?.message).toMatch(/does not answer within 100 ms/);
  });

  test("finds responses that are too long, without reading them to their end", async () => {
    await using endless = await startEndlessServer({
      headers: { "content-type": "application/json" },
    });
    const found = await findingsOf(oidc(endless.url));
    expect(aboveNotes(found)).toEqual(["unchecked oidc/discovery-unreachable"]);
    expect(found[0]?.message).toMatch(/answers with more than 4 MiB/);
  });

  test("finds endpoints that do not answer, and endpoints on other hosts", async () => {
    const [port = 0] = await findFreePorts(1);
    await using issuer = await startIssuerServer({
      metadata: () => ({ userinfo_endpoint: `http://127.0.0.1:${port}/userinfo` }),
    });
    const found = await findingsOf(oidc(issuer.issuer));
    expect(aboveNotes(found)).toEqual(["broken oidc/endpoint-unreachable"]);
    expect(found[0]?.message).toMatch(/the userinfo_endpoint .* does not accept connections/);
    expect(found.find(({ check }) => check === "oidc/endpoint-hosts")?.message).toBe(
      `the endpoints are on other hosts than the issuer: 127.0.0.1:${port}`,
    );
  });

  test.each([
    ["a token endpoint that does not exist", "/token", { status: 404 }, "token_endpoint"],
    ["a token endpoint whose server fails", "/token", { status: 503 }, "token_endpoint"],
    [
      "a token endpoint that shows a page",
      "/token",
      { headers: { "content-type": "text/html" }, body: "<p>Sign in</p>" },
      "token_endpoint",
    ],
    ["a token endpoint that redirects", "/token", { status: 302 }, "token_endpoint"],
    ["a userinfo endpoint that is gone", "/userinfo", { status: 410 }, "userinfo_endpoint"],
    ["a userinfo endpoint behind a gateway", "/userinfo", { status: 502 }, "userinfo_endpoint"],
    [
      "a userinfo endpoint that shows a page",
      "/userinfo",
      { body: "<p>Hi</p>" },
      "userinfo_endpoint",
    ],
  ] as const)("finds %s, without sending a secret", async (_, path, served, endpoint) => {
    await using issuer = await startIssuerServer({ answers: { [path]: served } });
    const found = await findingsOf(oidc(issuer.issuer));
    expect(aboveNotes(found)).toEqual(["broken oidc/endpoint-failing"]);
    expect(found[0]?.message).toMatch(new RegExp(`^the ${endpoint} ${issuer.issuer}${path} `));
  });

  test.each([
    ["/token", { status: 401 }],
    ["/token", { status: 500, body: { error: "server_error" } }],
    ["/token", { status: 400, body: { error: "invalid_request" } }],
    ["/userinfo", { status: 403 }],
    ["/userinfo", { status: 400, body: { error: "invalid_token" } }],
  ] as const)("reports at most notes if %s answers with %o", async (path, served) => {
    await using issuer = await startIssuerServer({ answers: { [path]: served } });
    expect(aboveNotes(await findingsOf(oidc(issuer.issuer)))).toEqual([]);
  });

  test("reports at most notes for a missing userinfo endpoint that ZITADEL does not call", async () => {
    await using issuer = await startIssuerServer({ answers: { "/userinfo": { status: 404 } } });
    const settings = { ...oidc(issuer.issuer), isIdTokenMapping: true };
    expect(aboveNotes(await findingsOf(settings))).toEqual([]);
  });

  test.each(["authorization_endpoint", "token_endpoint"])(
    "finds that no server listens at the %s, and that its host is unknown",
    async (name) => {
      const [port = 0] = await findFreePorts(1);
      for (const origin of [`http://127.0.0.1:${port}`, "https://sso.acme.invalid"]) {
        await using issuer = await startIssuerServer({
          metadata: () => ({ [name]: `${origin}/endpoint` }),
        });
        const found = await findingsOf(oidc(issuer.issuer));
        expect(aboveNotes(found)).toEqual(["broken oidc/endpoint-unreachable"]);
        expect(found[0]?.message).toMatch(new RegExp(`^the ${name} ${origin}/endpoint cannot be`));
      }
    },
  );

  test("reports at most notes for legacy IDPs, which have the user in the ID token", async () => {
    await using issuer = await startIssuerServer({
      metadata: () => ({ userinfo_endpoint: undefined }),
    });
    const { idpId } = await emulator.client.management.addOrgOIDCIDP({
      name: "Legacy",
      issuer: issuer.issuer,
      clientId: "zitadel",
      clientSecret: "s",
      scopes: ["openid"],
    });
    expect(aboveNotes(await emulator.checkById(idpId))).toEqual([]);
  });

  test("finds the issuer of a legacy IDP with a slash at the end", async () => {
    await using issuer = await startIssuerServer();
    const { idpId } = await emulator.client.management.addOrgOIDCIDP({
      name: "Legacy with slash",
      issuer: `${issuer.issuer}/`,
      clientId: "zitadel",
      clientSecret: "s",
    });
    const [finding] = await emulator.checkById(idpId);
    expect(finding).toMatchObject({
      severity: "broken",
      check: "oidc/issuer-mismatch",
      provider: { type: "legacyOidc", id: idpId },
      fix: `set issuer to "${issuer.issuer}" in the console: legacy IDPs cannot be updated here`,
    });
  });

  test("finds the issuer of a provider that exists in a file only", async () => {
    await using issuer = await startIssuerServer();
    const { findings } = await diagnose(undefined, {
      desired: { organization: { providers: [oidc(`${issuer.issuer}/`)] } },
      allowPrivate: true,
    });
    expect(findings[0]).toMatchObject({
      check: "oidc/issuer-mismatch",
      provider: { type: "oidc", name: "Acme" },
      fix: `set issuer to "${issuer.issuer}" in the file`,
    });
  });

  test("suggests flags and lists of a file as they are written there", async () => {
    await using issuer = await startIssuerServer({
      metadata: () => ({ code_challenge_methods_supported: ["plain"] }),
    });
    const settings = { ...oidc(issuer.issuer), usePkce: true, scopes: ["openid", "emial"] };
    const { findings } = await diagnose(undefined, {
      desired: { organization: { providers: [settings] } },
      allowPrivate: true,
    });
    const own = findings.filter(({ check }) => check.startsWith("oidc/"));
    expect(own.map(({ fix }) => fix)).toEqual([
      "enable S256 at the provider, or switch PKCE off: set usePkce to false in the file",
      'enable these scopes at the provider, or leave them out: set scopes to ["openid"] in the file',
    ]);
  });
});

describe("doctor, OpenID Connect with TLS", () => {
  const hosts = {
    google: "accounts.google.com",
    gitlab: "gitlab.com",
    apple: "appleid.apple.com",
  } as const;
  const gitlabSelfHosted = {
    type: "gitlabSelfHosted",
    name: "Git",
    clientId: "c",
    clientSecret: "secret-of-the-client",
  } as const;
  const client = { clientId: "c", clientSecret: "secret-of-the-client" };
  const appleKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  const settingsOf = {
    google: { type: "google", name: "Google", ...client },
    gitlab: { type: "gitlab", name: "GitLab", ...client },
    apple: {
      type: "apple",
      name: "Apple",
      clientId: "com.example.web",
      teamId: "TEAMTEAMTE",
      keyId: "KEYKEYKEYK",
      privateKey: appleKey.toString(),
      scopes: ["name", "email"],
    },
  } as const satisfies Record<keyof typeof hosts, ProviderSettings>;

  /** Diagnoses a provider of a company whose server is one of this machine. */
  async function checkPublic(
    type: keyof typeof hosts,
    server: IssuerOptions = {},
    settings: ProviderSettings = settingsOf[type],
  ): Promise<readonly Finding[]> {
    const host = hosts[type];
    const tls = await authority.issue(host);
    await using issuer = await startIssuerServer({ issuer: `https://${host}`, tls, ...server });
    await using proxy = await startPublicHosts({ [host]: issuer.port });
    return await findingsOf(settings, {
      proxy: proxy.proxy,
      tls: { ca: authority.ca },
      allowPrivate: false,
    });
  }

  test.each(["google", "gitlab"] as const)("reports at most notes for %s", async (type) => {
    expect(aboveNotes(await checkPublic(type))).toEqual([]);
  });

  test("reports at most notes for Apple, which has no userinfo endpoint", async () => {
    const metadata = () => ({
      scopes_supported: ["openid", "email", "name"],
      userinfo_endpoint: undefined,
    });
    expect(aboveNotes(await checkPublic("apple", { metadata }))).toEqual([]);
  });

  test("finds scopes that Apple rejects, even if they are ZITADEL's defaults", async () => {
    const metadata = () => ({ scopes_supported: ["openid", "email", "name"] });
    const found = await checkPublic("apple", { metadata }, { ...settingsOf.apple, scopes: [] });
    expect(aboveNotes(found)).toEqual(["broken oidc/scope-unsupported"]);
    expect(found[0]?.message).toMatch(/the scopes profile, phone, which ZITADEL requests by/);
  });

  test("finds scopes that GitLab rejects", async () => {
    const settings = { ...settingsOf.gitlab, scopes: ["openid", "address"] };
    expect(aboveNotes(await checkPublic("gitlab", {}, settings))).toEqual([
      "broken oidc/scope-unsupported",
    ]);
  });

  test("finds a server that answers in place of Google", async () => {
    const metadata = () => ({ issuer: "https://accounts.google.example" });
    const found = await checkPublic("google", { metadata });
    expect(aboveNotes(found)).toEqual(["broken oidc/issuer-mismatch"]);
    expect(found[0]?.fix).toMatch(
      /find out which server answers in place of https:\/\/accounts\.google\.com/,
    );
    expect(found[0]?.field).toBeUndefined();
  });

  test("reports only the reason if a proxy refuses the host", async () => {
    await using proxy = await startPublicHosts({});
    const found = await findingsOf(settingsOf.google, { proxy: proxy.proxy });
    expect(aboveNotes(found)).toEqual(["unchecked oidc/discovery-unreachable"]);
    expect(found[0]?.message).toMatch(/accounts\.google\.com.*proxy/);
  });

  test("reports a server of a company that this machine does not trust, which is not a mistake in the provider", async () => {
    await using issuer = await startIssuerServer({ tls: await authority.issue(hosts.google) });
    await using proxy = await startPublicHosts({ [hosts.google]: issuer.port });
    const found = await findingsOf(settingsOf.google, { proxy: proxy.proxy });
    expect(aboveNotes(found)).toEqual(["unchecked oidc/discovery-unreachable"]);
    expect(found[0]).toMatchObject({
      message: expect.stringMatching(
        /is signed by the authority "CN=Private CA", which this machine does not trust/,
      ),
      fix: expect.stringMatching(/^check the network of this machine/),
    });
  });

  test("finds endpoints without TLS of an issuer with TLS", async () => {
    const metadata = () => ({ token_endpoint: "http://accounts.google.com/token" });
    const found = await checkPublic("google", { metadata });
    expect(aboveNotes(found)).toEqual(["risk oidc/endpoint-without-tls"]);
    expect(found[0]?.message).toMatch(
      /the token_endpoint .* has no TLS: ZITADEL sends the client secret/,
    );
  });

  test("finds private addresses in the document of a public server, and sends nothing there", async () => {
    await using inside = await startIssuerServer();
    const metadata = () => ({ jwks_uri: `${inside.issuer}/keys` });
    const found = await checkPublic("google", { metadata });
    expect(aboveNotes(found)).toContain("unchecked oidc/private-address");
    expect(inside.requests).toEqual([]);
  });

  test("finds endpoints that only the proxy of this machine cannot reach, as a note", async () => {
    const metadata = () => ({ token_endpoint: "https://oauth2.googleapis.com/token" });
    const found = await checkPublic("google", { metadata });
    expect(aboveNotes(found)).toEqual([]);
    expect(found.map(({ check }) => check)).toContain("oidc/endpoint-unreachable");
  });

  test("reports at most notes for a self-hosted GitLab with a private authority", async () => {
    await using issuer = await startIssuerServer({ tls: await authority.issue("localhost") });
    const settings = { ...gitlabSelfHosted, issuer: issuer.issuer };
    const found = await findingsOf(settings, { tls: { ca: authority.ca }, allowPrivate: false });
    expect(aboveNotes(found)).toEqual([]);
  });

  test.each([
    ["of an unknown authority", "localhost", undefined, "unchecked tls/unknown-authority"],
    ["for another name", "git.example", undefined, "broken tls/certificate-name"],
    [
      "that is expired",
      "localhost",
      new Date(Date.now() - 60_000),
      "broken tls/certificate-expired",
    ],
  ] as const)("finds a certificate %s", async (name, host, end, expected) => {
    await using issuer = await startIssuerServer({ tls: await authority.issue(host, end) });
    const trusted = name === "of an unknown authority" ? {} : { tls: { ca: authority.ca } };
    const settings = { ...gitlabSelfHosted, issuer: issuer.issuer };
    const found = await findingsOf(settings, trusted);
    expect(aboveNotes(found)).toEqual([expected]);
    expect(found[0]?.message).toMatch(
      /^the discovery document .* cannot be loaded from this machine/,
    );
    expect(found[0]?.field).toBe("issuer");
  });
});

test("the catalogue has each check of the topic, and tests find each of them", () => {
  const names = [...reported].filter((check) => check.startsWith("oidc/"));
  expect(names.toSorted()).toEqual(Object.keys(oidcChecks).toSorted());
});
