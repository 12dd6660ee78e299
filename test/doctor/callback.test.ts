import { describe, expect, test } from "vitest";
import { diagnose, type Finding } from "../../src/doctor/index.js";
import type { DesiredProvider } from "../../src/providers/index.js";
import {
  type CodeFlowAnswer,
  type CodeFlowHandler,
  type CodeFlowOptions,
  createCodeFlowHandler,
  startCodeFlowServer,
} from "./support/code-flow-server.js";
import { checksOf, listProblems, useCodeFlowFixture } from "./support/code-flow-fixture.js";
import { startSecureHosts } from "./support/secure-hosts.js";
import { startOidcProvider } from "./support/start-oidc-provider.js";

const fixture = await useCodeFlowFixture();

const oidc = (issuer: string, fields: Partial<DesiredProvider> = {}): DesiredProvider =>
  ({ type: "oidc", name: "Acme", issuer, clientId: "zitadel", ...fields }) as DesiredProvider;

const callbackFindings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ check }) => check.startsWith("callback/"));

const diagnoseServer = async (
  options: CodeFlowOptions,
  fields?: Partial<DesiredProvider>,
): Promise<readonly Finding[]> => {
  await using server = await startCodeFlowServer(options);
  return callbackFindings(await fixture.diagnose(oidc(server.origin, fields)));
};

/** Returns a handler for authorization requests that answers registered redirect URIs with a page, and others with an answer. */
const pageUnless =
  (answer: CodeFlowAnswer): CodeFlowHandler =>
  ({ url }) =>
    fixture.redirectUris.includes(url.searchParams.get("redirect_uri") ?? "")
      ? { body: "<h1>Sign in</h1>" }
      : answer;

describe("a misconfigured callback", () => {
  const always =
    (answer: CodeFlowAnswer): CodeFlowHandler =>
    () =>
      answer;
  const mismatch = (answer: CodeFlowAnswer): CodeFlowOptions => ({
    handlers: { "/authorize": always(answer) },
  });
  const googleError = Buffer.from("\n\u0015redirect_uri_mismatch\u0012\u00b0You can't sign in");

  test.each<[string, CodeFlowOptions, string, string]>([
    ["no registered redirect URI", { redirectUris: [] }, "callback/mismatch", "/idps/callback"],
    [
      "Okta's error",
      mismatch({
        status: 400,
        body: "<p>The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings.</p>",
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "Auth0's error",
      mismatch({ status: 403, body: "<h1>Callback URL mismatch.</h1>" }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "ZITADEL's error",
      mismatch({
        status: 400,
        body: {
          error: "invalid_request",
          error_description:
            "The requested redirect_uri is missing in the client configuration. If you have any questions, you may contact the administrator of the application.",
        },
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "Cognito's redirect to its error page",
      mismatch({
        status: 302,
        headers: { location: "/error?error=redirect_mismatch&client_id=1" },
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "Hydra's redirect to its error page",
      mismatch({
        status: 302,
        headers: {
          location:
            "https://login.example/error?error=invalid_request&error_hint=The+%27redirect_uri%27+parameter+is+wrong",
        },
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "Google's redirect to its error page",
      mismatch({
        status: 302,
        headers: { location: `/signin/oauth/error?authError=${googleError.toString("base64url")}` },
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "GitHub's redirect to another application",
      mismatch({
        status: 302,
        headers: { location: "https://other.example/callback?error=redirect_uri_mismatch" },
      }),
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "an error that the provider sends to the unknown redirect URI itself",
      { redirectUris: "any", authorizationError: "redirect_uri_mismatch" },
      "callback/mismatch",
      "any redirect URI",
    ],
    [
      "an unknown client",
      { clientId: "another", redirectUris: "any" },
      "callback/unknown-client",
      "client id",
    ],
    [
      "an unknown client at Google",
      mismatch({
        status: 302,
        headers: {
          location: `/signin/oauth/error?authError=${Buffer.from("\n\u000einvalid_client").toString("base64")}`,
        },
      }),
      "callback/unknown-client",
      "client id",
    ],
    [
      "a provider without its authorization endpoint",
      { handlers: { "/authorize": always({ status: 404, body: "nothing here" }) } },
      "callback/endpoint-missing",
      "does not exist",
    ],
    [
      "a provider that requires PKCE",
      { redirectUris: "any", requiresPkce: true },
      "callback/pkce-required",
      "PKCE",
    ],
    [
      "scopes that the provider rejects",
      { redirectUris: "any", authorizationError: "invalid_scope" },
      "callback/scope-rejected",
      "invalid_scope",
    ],
    [
      "a client without the code flow",
      { redirectUris: "any", authorizationError: "unauthorized_client" },
      "callback/request-rejected",
      "unauthorized_client",
    ],
  ])("finds %s", async (_, options, check, message) => {
    const findings = await diagnoseServer(options);
    expect(findings).toContainEqual(
      expect.objectContaining({
        severity: "broken",
        check,
        provider: { type: "oidc", name: "Acme" },
        message: expect.stringContaining(message),
      }),
    );
  });

  test("reports at most notes for a provider that knows one login version, and names the other", async () => {
    const [version1, version2] = fixture.redirectUris;
    const findings = await diagnoseServer({ redirectUris: [version2] });
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    const finding = findings.find(({ check }) => check === "callback/mismatch");
    expect(finding?.message).toContain(`${version1} (login version 1)`);
    expect(finding?.message).not.toContain(version2);
  });

  test("finds a wildcard that accepts any redirect URI, only as a note on this machine", async () => {
    const local = await diagnoseServer({ redirectUris: "any" });
    expect(local).toContainEqual(
      expect.objectContaining({ severity: "note", check: "callback/any-redirect-uri" }),
    );
    const toRedirectUri = ({ url: { searchParams } }: { readonly url: URL }) => {
      const location = `${searchParams.get("redirect_uri")}?error=login_required&state=${searchParams.get("state")}`;
      return { status: 302, headers: { location } };
    };
    await using hosts = await startSecureHosts({ "login.acme.example": toRedirectUri });
    const endpoint = (path: string): string => `https://login.acme.example/${path}`;
    const findings = await fixture.diagnose(
      {
        type: "oauth",
        name: "Acme",
        clientId: "zitadel",
        authorizationEndpoint: endpoint("authorize"),
        tokenEndpoint: endpoint("token"),
        userEndpoint: endpoint("user"),
        idAttribute: "sub",
      },
      hosts.options,
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: "risk", check: "callback/any-redirect-uri" }),
    );
  });

  test("finds a redirect URI that only the page of Entra ID refuses", async () => {
    const page = "AADSTS50011: The redirect URI specified in the request does not match";
    await using hosts = await startSecureHosts({
      "login.microsoftonline.com": () => ({ body: `<html>${page}</html>` }),
    });
    const findings = await fixture.diagnose(
      { type: "azureAd", name: "Entra", clientId: "zitadel", tenant: "acme.example" },
      hosts.options,
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: "broken", check: "callback/mismatch" }),
    );
  });

  test("finds a client that GitHub does not know", async () => {
    await using hosts = await startSecureHosts({
      "github.com": () => ({ status: 404, body: "Page not found" }),
      "api.github.com": () => ({ status: 401, body: {} }),
    });
    const findings = await fixture.diagnose({ type: "github", clientId: "gone" }, hosts.options);
    expect(listProblems(findings)).toEqual([
      expect.stringContaining("broken callback/unknown-client"),
    ]);
  });

  test("finds redirect URIs and clients that a real provider does not know", async () => {
    await using provider = await startOidcProvider();
    expect(await fixture.diagnose(oidc(provider.issuer))).toContainEqual(
      expect.objectContaining({ severity: "broken", check: "callback/mismatch" }),
    );
    expect(await fixture.diagnose(oidc(provider.issuer, { clientId: "nobody" }))).toContainEqual(
      expect.objectContaining({ severity: "broken", check: "callback/unknown-client" }),
    );
  });
});

describe("a healthy callback", () => {
  test.each<[string, () => CodeFlowOptions]>([
    [
      "a provider that knows the redirect URIs of the primary domain",
      () => ({ redirectUris: fixture.redirectUris }),
    ],
    [
      "a provider that shows its login page only for redirect URIs that it knows",
      () => ({ handlers: { "/authorize": pageUnless({ status: 400, body: "Bad request" }) } }),
    ],
    [
      "a provider that says of redirect URIs that it does not know that there is nothing",
      () => ({ handlers: { "/authorize": pageUnless({ status: 404, body: "Not found" }) } }),
    ],
    [
      "a provider that shows its login page before it checks the redirect URI",
      () => ({ handlers: { "/authorize": () => ({ body: "<h1>Sign in</h1>" }) } }),
    ],
    [
      "a provider that leads to its login page",
      () => ({
        handlers: { "/authorize": () => ({ status: 302, headers: { location: "/login" } }) },
      }),
    ],
    [
      "a provider that signs users in with Kerberos",
      () => ({ handlers: { "/authorize": () => ({ status: 401 }) } }),
    ],
  ])("reports at most notes for %s", async (_, options) => {
    const findings = await diagnoseServer(options());
    expect(listProblems(findings)).toEqual([]);
    expect(findings).not.toEqual([]);
  });

  test("reports at most notes for a real provider that knows all redirect URIs", async () => {
    await using provider = await startOidcProvider({
      clients: [
        { client_id: "zitadel", client_secret: "secret", redirect_uris: fixture.redirectUris },
      ],
    });
    const findings = callbackFindings(await fixture.diagnose(oidc(provider.issuer)));
    expect(listProblems(findings)).toEqual([]);
  });

  test("reports at most notes for a Google client that asks for a sign-in", async () => {
    await using hosts = await startSecureHosts({
      "accounts.google.com": createCodeFlowHandler({ redirectUris: fixture.redirectUris }),
    });
    const findings = await fixture.diagnose({ type: "google", clientId: "zitadel" }, hosts.options);
    expect(listProblems(findings)).toEqual([]);
  });
});

describe("the report", () => {
  const uriNote = (findings: readonly Finding[]): string | undefined =>
    findings.find(({ check }) => check === "callback/redirect-uris")?.message;

  test("shows if the provider knows all redirect URIs", async () => {
    const { generated } = await readOrigins();
    const all = [
      ...fixture.redirectUris,
      `${generated}/ui/login/login/externalidp/callback`,
      `${generated}/idps/callback`,
    ];
    expect(uriNote(await diagnoseServer({ redirectUris: all }))).toBe(
      `the provider knows all redirect URIs of this instance: ${all[0]} (login version 1), ${all[1]} (login version 2), ${all[2]} (login version 1), ${all[3]} (login version 2)`,
    );
  });

  test.each<[string, DesiredProvider, readonly string[]]>([
    [
      "Apple",
      { type: "apple", clientId: "com.example.login", teamId: "TEAM123456", keyId: "KEY1234567" },
      ["/ui/login/login/externalidp/callback/form (login version 1)", "/idps/callback (login"],
    ],
    [
      "SAML",
      { type: "saml", name: "Acme", metadataXml: "<EntityDescriptor/>" },
      ["/ui/login/login/externalidp/saml/acs (login version 1)", "/idps/{id}/saml/acs (login"],
    ],
    [
      "JWT",
      {
        type: "jwt",
        name: "Acme",
        issuer: "acme",
        jwtEndpoint: "https://localhost:1/jwt",
        keysEndpoint: "https://localhost:1/keys",
        headerName: "x-jwt",
      },
      ["/ui/login/login/jwt/authorize (login version 1)", "/idps/jwt (login version 2)"],
    ],
  ])("lists the URLs of this instance for %s", async (_, provider, expected) => {
    const message = uriNote(await fixture.diagnose(provider));
    for (const each of expected) {
      expect(message).toContain(`${fixture.url}${each}`);
    }
  });

  test.each<[string, CodeFlowAnswer, string]>([
    ["an unknown error", { status: 400, body: "<h1>Fehler</h1>" }, "HTTP 400"],
    [
      "a page of a firewall that repeats the URL",
      { status: 403, body: "<p>Forbidden: /authorize?redirect_uri=…</p>" },
      "HTTP 403",
    ],
    ["a busy server", { status: 429 }, "HTTP 429"],
    ["an error page", { status: 302, headers: { location: "/error?error=oops" } }, "an error page"],
  ])("shows the callback as unchecked after %s", async (_, answer, detail) => {
    const findings = await diagnoseServer({ handlers: { "/authorize": () => answer } });
    expect(listProblems(findings)).toEqual([
      expect.stringMatching(new RegExp(`^unchecked callback/unchecked: .*${detail}`)),
    ]);
  });

  test.each([500, 503])("finds an authorization endpoint that answers with %i", async (status) => {
    const findings = await diagnoseServer({ handlers: { "/authorize": () => ({ status }) } });
    expect(listProblems(findings)).toEqual([
      expect.stringMatching(`^broken callback/endpoint-missing: .*answers with HTTP ${status}`),
    ]);
  });

  test("shows the callback as unchecked without a discovery document", async () => {
    const options = { handlers: { "/.well-known/openid-configuration": () => ({ status: 500 }) } };
    expect(listProblems(await diagnoseServer(options))).toEqual([
      expect.stringContaining("names no endpoints"),
    ]);
  });

  test.each<[string, string]>([
    ["another scheme", "ftp://acme.example/authorize"],
    ["no URL", "/authorize"],
  ])("shows an authorization endpoint with %s as unchecked", async (_, endpoint) => {
    const body = { authorization_endpoint: endpoint, token_endpoint: endpoint };
    const options = { handlers: { "/.well-known/openid-configuration": () => ({ body }) } };
    expect(listProblems(await diagnoseServer(options, { clientSecret: "a-secret" }))).toEqual([
      expect.stringContaining("the authorization endpoint must be a URL"),
    ]);
  });

  test("shows the callback as unchecked if the domains of the instance are not known", async () => {
    await using server = await startCodeFlowServer({ redirectUris: "any" });
    const desired = { organization: { providers: [oidc(server.origin)] } };
    const { findings } = await diagnose(undefined, { desired, allowPrivate: true });
    expect(listProblems(callbackFindings(findings))).toEqual([
      expect.stringContaining("the domains of the instance are not known"),
    ]);
  });

  test("sends the requests that ZITADEL sends, without a user", async () => {
    await using server = await startCodeFlowServer({ redirectUris: "any" });
    await fixture.diagnose(oidc(server.origin, { scopes: ["email"], usePkce: true }));
    const [first] = server.requests.filter(({ url }) => url.pathname === "/authorize");
    expect(Object.fromEntries(first?.url.searchParams ?? [])).toMatchObject({
      client_id: "zitadel",
      response_type: "code",
      prompt: "none",
      scope: "email openid",
      code_challenge_method: "S256",
    });
  });

  test("has each check of the catalogue", () => {
    expect([...fixture.reported].filter((name) => name.startsWith("callback/")).toSorted()).toEqual(
      checksOf("callback").toSorted(),
    );
  });

  async function readOrigins(): Promise<{ generated: string }> {
    const findings = await diagnoseServer({ redirectUris: fixture.redirectUris });
    const note = findings.find(
      ({ check, severity }) => check === "callback/mismatch" && severity === "note",
    );
    const [, generated = ""] = /(http:\/\/[^/]+)\/idps\/callback/.exec(note?.message ?? "") ?? [];
    return { generated };
  }
});
