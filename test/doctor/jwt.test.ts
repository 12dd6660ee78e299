import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jwtChecks } from "../../src/doctor/checks/jwt/jwt-checks.js";
import type { DiagnoseOptions, Finding, Severity } from "../../src/doctor/index.js";
import type { ProviderSettings } from "../../src/providers/index.js";
import { createAuthority } from "../support/certificates.js";
import { findFreePorts } from "../support/ports.js";
import {
  aboveNotes,
  type CheckedEmulator,
  startCheckedEmulator,
} from "./support/checked-emulator.js";
import { createRsaJwk, type IssuerOptions, startIssuerServer } from "./support/issuer-server.js";

let emulator: CheckedEmulator;
beforeAll(async () => {
  emulator = await startCheckedEmulator();
});
afterAll(() => emulator[Symbol.asyncDispose]());

const reported = new Set<string>();

type JwtSettings = ProviderSettings & { type: "jwt" };

/** Returns the settings of a JWT provider whose endpoints are those of a server of this machine. */
const jwt = (issuer: string): JwtSettings => ({
  type: "jwt",
  name: "Portal",
  issuer,
  jwtEndpoint: `${issuer}/authorize`,
  keysEndpoint: `${issuer}/keys`,
  headerName: "x-auth-token",
  audience: "zitadel",
});

async function findingsOf(
  settings: JwtSettings,
  options?: DiagnoseOptions,
): Promise<readonly Finding[]> {
  const found = await emulator.check(settings, options);
  found.forEach(({ check }) => reported.add(check));
  return found;
}

interface Planted {
  readonly name: string;
  readonly server?: IssuerOptions;
  readonly settings?: (issuer: string) => Partial<JwtSettings>;
  readonly options?: DiagnoseOptions;
  /** The only finding above a note, or the note if that is all. */
  readonly expected: readonly [severity: Severity, check: string, message: RegExp];
  readonly field?: string;
}

const planted: readonly Planted[] = [
  {
    name: "keys that do not load",
    server: { answers: { "/keys": { status: 404 } } },
    expected: ["broken", "jwt/keys-unreachable", /HTTP status 404/],
    field: "keysEndpoint",
  },
  {
    name: "keys on a host without address",
    settings: () => ({ keysEndpoint: "https://keys.acme.invalid/keys" }),
    expected: ["broken", "jwt/keys-unreachable", /keys\.acme\.invalid has no address/],
    field: "keysEndpoint",
  },
  {
    name: "the discovery document in place of the keys",
    settings: (issuer) => ({ keysEndpoint: `${issuer}/.well-known/openid-configuration` }),
    expected: ["broken", "jwt/keys-invalid", /has no list of keys/],
    field: "keysEndpoint",
  },
  {
    name: "keys that ZITADEL cannot use",
    server: { keys: [createRsaJwk({ alg: "RS384" })] },
    expected: ["broken", "jwt/no-usable-key", /for the algorithm "RS384"/],
  },
  {
    name: "a private key among the published keys",
    server: { keys: [createRsaJwk(), { kty: "oct", k: "c2VjcmV0", kid: "hmac" }] },
    expected: ["risk", "jwt/private-key-published", /the key "hmac"/],
  },
  {
    name: "a short RSA key",
    server: { keys: [createRsaJwk({}, 1024)] },
    expected: ["risk", "jwt/weak-key", /only 1024 bits/],
  },
  {
    name: "keys without ids",
    server: { keys: [createRsaJwk({ kid: undefined }), createRsaJwk({ kid: undefined })] },
    expected: ["broken", "jwt/ambiguous-keys", /have no id \(kid\) either/],
  },
  {
    name: "an issuer with a slash at the end that its document lacks",
    settings: (issuer) => ({ issuer: `${issuer}/` }),
    expected: ["risk", "jwt/issuer-mismatch", /they differ in a slash at the end/],
    field: "issuer",
  },
  {
    name: "an issuer of another host than its document",
    server: { metadata: () => ({ issuer: "https://sso.acme.example" }) },
    expected: ["risk", "jwt/issuer-mismatch", /says "https:\/\/sso\.acme\.example";/],
  },
  {
    name: "a header name with a colon",
    settings: () => ({ headerName: "x-auth-token:" }),
    expected: ["broken", "jwt/header-name", /"x-auth-token:" must be the name of an HTTP header/],
    field: "headerName",
  },
  {
    name: "a header name with a scheme",
    settings: () => ({ headerName: "Authorization: Bearer" }),
    expected: ["broken", "jwt/header-name", /must be the name of an HTTP header/],
  },
  {
    name: "a header that the server takes away",
    settings: () => ({ headerName: "Host" }),
    expected: ["broken", "jwt/header-name", /Host has a meaning of its own/],
  },
  {
    name: "the header of cookies",
    settings: () => ({ headerName: "Cookie" }),
    expected: ["broken", "jwt/header-name", /Cookie has a meaning of its own/],
  },
  {
    name: "a scheme in place of a header",
    settings: () => ({ headerName: "Bearer" }),
    expected: ["risk", "jwt/header-name", /Bearer is the name of an authentication scheme/],
  },
  {
    name: "a header name with an underscore",
    settings: () => ({ headerName: "X_AUTH_TOKEN" }),
    expected: ["risk", "jwt/header-name", /has an underscore; nginx/],
  },
  {
    name: "a page that does not answer well to a request without parameters",
    server: { answers: { "/authorize": { status: 404 } } },
    expected: ["note", "jwt/endpoint-unreachable", /HTTP status 404/],
    field: "jwtEndpoint",
  },
  {
    name: "other keys than those of the discovery document",
    server: { metadata: (issuer) => ({ jwks_uri: `${issuer}/other-keys` }) },
    expected: ["note", "jwt/other-keys", /names ".*\/other-keys"/],
  },
  {
    name: "that any audience is accepted",
    settings: () => ({ audience: "" }),
    expected: ["note", "jwt/any-audience", /for other applications/],
  },
];

describe("doctor, JWT", () => {
  test.each(planted.map((each) => [each.name, each] as const))("finds %s", async (_, each) => {
    const { server, settings, options, expected, field } = each;
    await using issuer = await startIssuerServer(server);
    const found = await findingsOf(
      { ...jwt(issuer.issuer), ...settings?.(issuer.issuer) },
      options,
    );
    const [severity, check, message] = expected;
    expect(aboveNotes(found)).toEqual(severity === "note" ? [] : [`${severity} ${check}`]);
    expect(found.find((one) => one.check === check)).toMatchObject({
      severity,
      message: expect.stringMatching(message),
      provider: { type: "jwt", name: "Portal" },
      ...(field !== undefined && { field }),
    });
  });

  test("finds a page that does not answer", async () => {
    const [port = 0] = await findFreePorts(1);
    await using issuer = await startIssuerServer();
    const jwtEndpoint = `http://localhost:${port}/jwt`;
    const found = await findingsOf({ ...jwt(issuer.issuer), jwtEndpoint });
    expect(aboveNotes(found)).toEqual(["broken jwt/endpoint-unreachable"]);
  });

  test("finds endpoints without TLS, each with its field", async () => {
    await using issuer = await startIssuerServer();
    const found = await findingsOf(jwt(issuer.issuer), { allowPrivate: false });
    expect(aboveNotes(found)).toEqual([
      "risk jwt/endpoint-without-tls",
      "risk jwt/endpoint-without-tls",
    ]);
    expect(found.map(({ field }) => field)).toEqual(["keysEndpoint", "jwtEndpoint"]);
  });

  test("finds endpoints and issuers that are not URLs", async () => {
    await using issuer = await startIssuerServer();
    const found = await findingsOf({
      ...jwt(issuer.issuer),
      issuer: "acme portal",
      jwtEndpoint: "portal.acme.example/jwt",
      keysEndpoint: "https://",
    });
    expect(aboveNotes(found)).toEqual([
      "broken jwt/endpoint-invalid",
      "broken jwt/endpoint-invalid",
      "risk jwt/issuer-not-url",
    ]);
  });

  test.each([
    ["an issuer with a discovery document", {}, {}],
    [
      "an issuer without a discovery document",
      { answers: { "/.well-known/openid-configuration": { status: 404 } } },
      {},
    ],
    ["the header Authorization", {}, { headerName: "Authorization" }],
    ["an issuer whose host only the tokens know", {}, { issuer: "https://tokens.acme.invalid" }],
    [
      "a page that leads to the sign-in",
      { answers: { "/authorize": { status: 302, headers: { location: "https://sso.invalid/" } } } },
      {},
    ],
  ] as const)("reports at most notes for %s", async (_, server, settings) => {
    await using issuer = await startIssuerServer(server);
    expect(aboveNotes(await findingsOf({ ...jwt(issuer.issuer), ...settings }))).toEqual([]);
  });

  test("reports at most notes for a provider with TLS", async () => {
    const authority = await createAuthority();
    await using issuer = await startIssuerServer({ tls: await authority.issue("localhost") });
    const options = { tls: { ca: authority.ca }, allowPrivate: false };
    expect(aboveNotes(await findingsOf(jwt(issuer.issuer), options))).toEqual([]);
  });

  test("finds the keys of a legacy IDP that do not load", async () => {
    await using issuer = await startIssuerServer({ answers: { "/keys": { status: 500 } } });
    const { name: _, type: __, audience: ___, ...request } = jwt(issuer.issuer);
    const { idpId } = await emulator.client.management.addOrgJWTIDP({ name: "Legacy", ...request });
    const found = await emulator.checkById(idpId);
    expect(found[0]).toMatchObject({
      severity: "broken",
      check: "jwt/keys-unreachable",
      provider: { type: "legacyJwt", id: idpId },
    });
    expect(found).toHaveLength(1);
  });

  test("reports at most notes for a legacy IDP", async () => {
    await using issuer = await startIssuerServer();
    const { name: _, type: __, audience: ___, ...request } = jwt(issuer.issuer);
    const { idpId } = await emulator.client.management.addOrgJWTIDP({ name: "Old", ...request });
    expect(aboveNotes(await emulator.checkById(idpId))).toEqual([]);
  });

  test("the catalogue has each check of the topic, and tests find each of them", () => {
    const names = [...reported].filter((check) => check.startsWith("jwt/"));
    expect(names.toSorted()).toEqual(Object.keys(jwtChecks).toSorted());
  });
});
