import { describe, expect, test } from "vitest";
import { diagnose, type DiagnoseOptions, type Finding } from "../../src/doctor/index.js";
import { createProviders, type DesiredProvider } from "../../src/providers/index.js";
import { findFreePorts } from "../support/ports.js";
import {
  type CodeFlowAnswer,
  type CodeFlowOptions,
  type CodeFlowServer,
  startCodeFlowServer,
} from "./support/code-flow-server.js";
import { checksOf, listProblems, useCodeFlowFixture } from "./support/code-flow-fixture.js";
import { startSecureHosts } from "./support/secure-hosts.js";

const fixture = await useCodeFlowFixture();

type OAuthProvider = DesiredProvider & { readonly type: "oauth" };

const oauth = (origin: string, fields: Partial<OAuthProvider> = {}): OAuthProvider => ({
  type: "oauth",
  name: "Acme",
  clientId: "zitadel",
  authorizationEndpoint: `${origin}/authorize`,
  tokenEndpoint: `${origin}/token`,
  userEndpoint: `${origin}/user`,
  idAttribute: "sub",
  ...fields,
});

const oauthFindings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ check }) => check.startsWith("oauth/"));

/** A misconfiguration: of the server, or of the fields. */
interface Planted {
  readonly name: string;
  readonly server?: CodeFlowOptions;
  readonly fields?: (server: CodeFlowServer) => Partial<OAuthProvider>;
  readonly options?: DiagnoseOptions;
  /** Severity, check, field, and a part of the message. */
  readonly expected: readonly [Finding["severity"], string, string, string];
}

const answer = (path: string, answered: CodeFlowAnswer): CodeFlowOptions => ({
  handlers: { [path]: () => answered },
});

const planted: readonly Planted[] = [
  {
    name: "an authorization endpoint that does not exist",
    fields: ({ origin }) => ({ authorizationEndpoint: `${origin}/oauth/authorise` }),
    expected: ["broken", "oauth/authorization-endpoint", "authorizationEndpoint", "HTTP 404"],
  },
  {
    name: "an authorization endpoint that takes no GET",
    server: answer("/authorize", { status: 405 }),
    expected: ["broken", "oauth/authorization-endpoint", "authorizationEndpoint", "HTTP 405"],
  },
  {
    name: "an API in the place of the authorization endpoint",
    fields: ({ origin }) => ({ authorizationEndpoint: `${origin}/user` }),
    expected: ["broken", "oauth/authorization-endpoint", "authorizationEndpoint", "access token"],
  },
  {
    name: "an authorization endpoint that answers with JSON",
    server: answer("/authorize", { body: { status: "up" } }),
    expected: ["broken", "oauth/authorization-endpoint", "authorizationEndpoint", "JSON"],
  },
  {
    name: "an authorization endpoint whose server fails",
    server: answer("/authorize", { status: 503 }),
    expected: ["broken", "oauth/authorization-endpoint", "authorizationEndpoint", "HTTP 503"],
  },
  {
    name: "a token endpoint behind a gateway whose server is down",
    server: answer("/token", { status: 502, body: "<h1>Bad gateway</h1>" }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "HTTP 502"],
  },
  {
    name: "a user endpoint whose server fails",
    server: answer("/user", { status: 500, body: "oops" }),
    expected: ["broken", "oauth/user-endpoint", "userEndpoint", "HTTP 500"],
  },
  {
    name: "a token endpoint that does not exist",
    fields: ({ origin }) => ({ tokenEndpoint: `${origin}/oauth/token` }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "HTTP 404"],
  },
  {
    name: "a page in the place of the token endpoint",
    server: answer("/token", { body: "<h1>Sign in</h1>" }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "a page"],
  },
  {
    name: "a token endpoint that redirects",
    server: answer("/token", { status: 301, headers: { location: "/v2/token" } }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "redirects (HTTP 301)"],
  },
  {
    name: "a user endpoint in the place of the token endpoint",
    server: answer("/token", { status: 401, headers: { "www-authenticate": "Bearer" } }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "asks for an access token"],
  },
  {
    name: "a user endpoint that does not exist",
    fields: ({ origin }) => ({ userEndpoint: `${origin}/userinfo` }),
    expected: ["broken", "oauth/user-endpoint", "userEndpoint", "HTTP 404"],
  },
  {
    name: "a page in the place of the user endpoint",
    server: answer("/user", { body: "<h1>Profile</h1>" }),
    expected: ["broken", "oauth/user-endpoint", "userEndpoint", "a page instead of JSON"],
  },
  {
    name: "a user endpoint that needs no token",
    server: answer("/user", { body: { sub: "1" } }),
    expected: ["risk", "oauth/user-endpoint-open", "userEndpoint", "without a token"],
  },
  {
    name: "swapped authorization and token endpoints",
    fields: ({ origin }) => ({
      authorizationEndpoint: `${origin}/token`,
      tokenEndpoint: `${origin}/authorize`,
    }),
    expected: ["broken", "oauth/swapped-endpoints", "authorizationEndpoint", "each other's"],
  },
  {
    name: "one URL in two fields",
    fields: ({ origin }) => ({ userEndpoint: `${origin}/token` }),
    expected: ["broken", "oauth/swapped-endpoints", "tokenEndpoint", "same URL"],
  },
  {
    name: "an endpoint that is not a URL",
    fields: () => ({ userEndpoint: "acme.example/user" }),
    expected: ["broken", "oauth/invalid-url", "userEndpoint", "https://"],
  },
  {
    name: "an endpoint with a fragment",
    fields: ({ origin }) => ({ tokenEndpoint: `${origin}/token#here` }),
    expected: ["broken", "oauth/invalid-url", "tokenEndpoint", "fragment"],
  },
  {
    name: "endpoints without TLS",
    options: { allowPrivate: false },
    expected: ["risk", "oauth/insecure-endpoint", "tokenEndpoint", "the client secret"],
  },
  {
    name: "an endpoint on a host without address",
    fields: () => ({ tokenEndpoint: "https://login.acme.invalid/token" }),
    expected: ["broken", "oauth/token-endpoint", "tokenEndpoint", "login.acme.invalid"],
  },
  {
    name: "an id attribute that is a path",
    fields: () => ({ idAttribute: "data.id" }),
    expected: ["broken", "oauth/id-attribute", "idAttribute", "does not follow paths"],
  },
  {
    name: "an id attribute in capital letters",
    fields: () => ({ idAttribute: "SUB" }),
    expected: ["broken", "oauth/id-attribute", "idAttribute", "case-sensitive"],
  },
  {
    name: "an id attribute that users can change",
    fields: () => ({ idAttribute: "preferred_username" }),
    expected: ["risk", "oauth/id-attribute", "idAttribute", "another person"],
  },
  {
    name: "an id attribute that a known provider does not have",
    fields: () => ({ userEndpoint: "https://api.github.com/user" }),
    expected: ["broken", "oauth/id-attribute", "idAttribute", 'one named "id"'],
  },
];

describe("a misconfigured provider of OAuth", () => {
  test.each(planted)(
    "finds $name",
    async ({ server: options, fields, expected, options: diagnoseOptions }) => {
      await using server = await startCodeFlowServer({
        redirectUris: fixture.redirectUris,
        ...options,
      });
      const [severity, check, field, message] = expected;
      const findings = await fixture.diagnose(
        oauth(server.origin, fields?.(server)),
        diagnoseOptions,
      );
      expect(findings).toContainEqual(
        expect.objectContaining({
          severity,
          check,
          field,
          provider: { type: "oauth", name: "Acme" },
          message: expect.stringContaining(message),
        }),
      );
    },
  );

  test("finds a port at which nothing listens", async () => {
    const [port] = await findFreePorts(1);
    const findings = await fixture.diagnose(oauth(`http://localhost:${port}`));
    expect(oauthFindings(findings).filter(({ severity }) => severity === "broken")).toHaveLength(3);
  });

  test("finds PKCE that the metadata of the server does not list", async () => {
    await using server = await startServerWithMetadata(["plain"]);
    const findings = await fixture.diagnose(oauth(server.origin, { usePkce: true }));
    expect(listProblems(findings)).toEqual([
      expect.stringContaining("risk oauth/pkce-unsupported"),
    ]);
  });

  test("finds a wrong user endpoint of GitHub Enterprise Server, and names the command", async () => {
    await using server = await startCodeFlowServer({ redirectUris: fixture.redirectUris });
    const { type, idAttribute, ...fields } = oauth(server.origin);
    const { id } = await createProviders(fixture.client, { owner: "org" }).add({
      ...fields,
      clientSecret: "secret",
      type: "githubEs",
      userEndpoint: `${server.origin}/api/user`,
    });
    const { findings } = await diagnose(fixture.client, {
      provider: id,
      baseUrl: fixture.url,
      allowPrivate: true,
    });
    const [finding] = oauthFindings(findings);
    expect(finding).toMatchObject({ severity: "broken", check: "oauth/user-endpoint" });
    expect(finding?.fix).toContain(`zitadel-idp update ${id} --set 'userEndpoint=https://…'`);
    expect([type, idAttribute]).toEqual(["oauth", "sub"]);
  });
});

async function startServerWithMetadata(methods: readonly string[]): Promise<CodeFlowServer> {
  return await startCodeFlowServer({
    redirectUris: fixture.redirectUris,
    handlers: {
      "/.well-known/oauth-authorization-server": ({ url }) => ({
        body: {
          issuer: url.origin,
          token_endpoint: `${url.origin}/token`,
          code_challenge_methods_supported: methods,
        },
      }),
    },
  });
}

describe("a healthy provider of OAuth", () => {
  test.each<[string, CodeFlowOptions, Partial<OAuthProvider>]>([
    ["a provider with three right endpoints", {}, {}],
    ["an id attribute that is a URL", {}, { idAttribute: "https://acme.example/claims/uid" }],
    [
      "a token endpoint that reports errors with status 200",
      answer("/token", { body: { error: "bad_verification_code" } }),
      {},
    ],
    [
      "a token endpoint that reports errors in a form",
      answer("/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "error=invalid_client",
      }),
      {},
    ],
    [
      "a user endpoint that refuses requests with status 403",
      answer("/user", { status: 403, body: "no" }),
      {},
    ],
    [
      "a user endpoint that reports errors with status 400",
      answer("/user", { status: 400, body: { error: { type: "OAuthException" } } }),
      {},
    ],
  ])("reports at most notes for %s", async (_, options, fields) => {
    await using server = await startCodeFlowServer({
      redirectUris: fixture.redirectUris,
      ...options,
    });
    expect(listProblems(await fixture.diagnose(oauth(server.origin, fields)))).toEqual([]);
  });

  test("reports at most notes for a provider with PKCE, and suggests PKCE to others", async () => {
    await using server = await startServerWithMetadata(["S256"]);
    const withPkce = await fixture.diagnose(oauth(server.origin, { usePkce: true }));
    expect(oauthFindings(withPkce)).toEqual([]);
    const withoutPkce = await fixture.diagnose(oauth(server.origin));
    expect(oauthFindings(withoutPkce)).toEqual([
      expect.objectContaining({ severity: "note", check: "oauth/pkce-available" }),
    ]);
  });

  test("reports at most notes for endpoints on several hosts, which it lists", async () => {
    await using server = await startCodeFlowServer({ redirectUris: fixture.redirectUris });
    const userEndpoint = `${server.origin.replace("localhost", "127.0.0.1")}/user`;
    const findings = await fixture.diagnose(oauth(server.origin, { userEndpoint }));
    expect(listProblems(findings)).toEqual([]);
    expect(oauthFindings(findings)).toEqual([
      expect.objectContaining({ check: "oauth/different-hosts" }),
    ]);
  });
});

describe("an endpoint that cannot be checked", () => {
  test.each<[string, CodeFlowOptions, string]>([
    [
      "a token endpoint behind a firewall",
      answer("/token", { status: 403, body: "<h1>Forbidden</h1>" }),
      "unchecked oauth/token-endpoint",
    ],
    [
      "a user endpoint that redirects to a login page",
      answer("/user", { status: 302, headers: { location: "/login" } }),
      "unchecked oauth/user-endpoint",
    ],
  ])("is reported as unchecked: %s", async (_, options, problem) => {
    await using server = await startCodeFlowServer({
      redirectUris: fixture.redirectUris,
      ...options,
    });
    const findings = await fixture.diagnose(oauth(server.origin));
    expect(listProblems(findings)).toContainEqual(expect.stringContaining(problem));
  });

  test("is reported as unchecked: GitHub, if this machine does not reach it", async () => {
    await using hosts = await startSecureHosts({});
    const findings = await fixture.diagnose({ type: "github", clientId: "zitadel" }, hosts.options);
    expect(oauthFindings(findings)).toHaveLength(3);
    for (const finding of oauthFindings(findings)) {
      expect(finding).toMatchObject({ severity: "unchecked" });
      expect(finding.field).toBeUndefined();
    }
  });
});

test("the tests report each check of the catalogue", () => {
  expect([...fixture.reported].filter((name) => name.startsWith("oauth/")).toSorted()).toEqual(
    checksOf("oauth").toSorted(),
  );
});
