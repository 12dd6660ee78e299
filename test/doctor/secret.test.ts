import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/index.js";
import type { DesiredProvider } from "../../src/providers/index.js";
import {
  type CodeFlowAnswer,
  type CodeFlowHandler,
  type CodeFlowOptions,
  knownSecret,
  startCodeFlowServer,
} from "./support/code-flow-server.js";
import { checksOf, listProblems, useCodeFlowFixture } from "./support/code-flow-fixture.js";
import { type SecureHosts, startSecureHosts } from "./support/secure-hosts.js";
import { startOidcProvider } from "./support/start-oidc-provider.js";

const fixture = await useCodeFlowFixture();

const wrongSecret = "another-secret-than-that-of-the-client";

const secretFindings = (findings: readonly Finding[]): readonly Finding[] => {
  for (const finding of findings) {
    const text = JSON.stringify(finding);
    expect(text).not.toContain(knownSecret);
    expect(text).not.toContain(wrongSecret);
  }
  return findings.filter(({ check }) => check.startsWith("secret/"));
};

const diagnoseServer = async (
  options: CodeFlowOptions,
  fields: Partial<DesiredProvider> = {},
): Promise<readonly Finding[]> => {
  await using server = await startCodeFlowServer(options);
  const provider = {
    type: "oidc",
    name: "Acme",
    issuer: server.origin,
    clientId: "zitadel",
    clientSecret: knownSecret,
    ...fields,
  } as DesiredProvider;
  return secretFindings(await fixture.diagnose(provider));
};

const tokenAnswer = (answer: CodeFlowAnswer): CodeFlowOptions => ({
  handlers: { "/token": () => answer },
});

/** The error of Entra ID to each token request, or by the grant. */
const startEntra = async (
  codes: Readonly<Record<string, number | undefined>>,
): Promise<SecureHosts> => {
  const handle: CodeFlowHandler = ({ form }) => {
    const code = codes[form.get("grant_type") ?? ""];
    return code === undefined
      ? { body: { access_token: "a-token", token_type: "Bearer" } }
      : {
          status: 401,
          body: {
            error: code === 9002313 ? "invalid_grant" : "invalid_client",
            error_description: `AADSTS${code}: ${form.get("client_secret")}`,
            error_codes: [code],
          },
        };
  };
  return await startSecureHosts({ "login.microsoftonline.com": handle });
};

const entra = (clientSecret: string): DesiredProvider => ({
  type: "azureAd",
  name: "Entra",
  clientId: "0e2d36a4-6e2c-4c3c-9f0e-6a3c1f8b7d11",
  tenant: "acme.example",
  clientSecret,
});

describe("a wrong secret", () => {
  test.each<[string, CodeFlowOptions, string]>([
    ["a secret that the provider rejects", {}, "invalid_client"],
    ["a secret that is rejected in the header", { secretIn: "header" }, "invalid_client"],
    [
      "Keycloak's answer to a wrong secret",
      tokenAnswer({ status: 401, body: { error: "unauthorized_client" } }),
      "unauthorized_client",
    ],
    ["an answer without any error code", tokenAnswer({ status: 401, body: "no" }), "HTTP 401"],
  ])("finds %s", async (_, options, code) => {
    const findings = await diagnoseServer(options, { clientSecret: wrongSecret });
    expect(findings).toEqual([
      expect.objectContaining({
        severity: "broken",
        check: "secret/rejected",
        field: "clientSecret",
        message: expect.stringContaining(code),
      }),
    ]);
  });

  test("finds a client that Salesforce does not know", async () => {
    const answer = { status: 400, body: { error: "invalid_client_id" } };
    expect(await diagnoseServer(tokenAnswer(answer))).toEqual([
      expect.objectContaining({ severity: "broken", check: "secret/unknown-client" }),
    ]);
  });

  test("finds a secret that a real provider rejects", async () => {
    await using provider = await startOidcProvider();
    const findings = await fixture.diagnose({
      type: "oidc",
      name: "Acme",
      issuer: provider.issuer,
      clientId: "zitadel",
      clientSecret: wrongSecret,
    });
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ severity: "broken", check: "secret/rejected" }),
    ]);
  });

  test.each<[string, number, string, string]>([
    [
      "an expired secret of Entra ID",
      7000222,
      "secret/expired",
      "has expired (AADSTS7000222: the secret has expired)",
    ],
    ["a wrong secret of Entra ID", 7000215, "secret/rejected", "AADSTS7000215"],
    ["an unknown client of Entra ID", 700016, "secret/unknown-client", "AADSTS700016"],
  ])("finds %s", async (_, code, check, message) => {
    await using hosts = await startEntra({ authorization_code: code });
    const findings = await fixture.diagnose(entra(wrongSecret), hosts.options);
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({
        severity: "broken",
        check,
        message: expect.stringContaining(message),
      }),
    ]);
  });

  test("finds an expired secret of Entra ID, which checks the form of codes first", async () => {
    await using hosts = await startEntra({
      authorization_code: 9002313,
      client_credentials: 7000222,
    });
    const findings = await fixture.diagnose(entra(wrongSecret), hosts.options);
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ severity: "broken", check: "secret/expired" }),
    ]);
  });

  test.each<[string, CodeFlowAnswer]>([
    ["in JSON", { body: { error: "incorrect_client_credentials" } }],
    [
      "in a form",
      {
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: "error=incorrect_client_credentials&error_description=wrong",
      },
    ],
  ])("finds a secret that GitHub rejects with status 200 %s", async (_, answer) => {
    await using hosts = await startGitHub(answer);
    const provider: DesiredProvider = {
      type: "github",
      clientId: "zitadel",
      clientSecret: wrongSecret,
    };
    expect(secretFindings(await fixture.diagnose(provider, hosts.options))).toEqual([
      expect.objectContaining({ severity: "broken", check: "secret/rejected" }),
    ]);
  });

  test.each<[string, string, Partial<DesiredProvider>]>([
    ["a placeholder", "secret/malformed", { clientSecret: "<client secret>" }],
    ["a line break at the end", "secret/malformed", { clientSecret: `${wrongSecret}\n` }],
    [
      "the id of a secret of Entra ID",
      "secret/entra-secret-id",
      { ...entra("4f1a3b7c-0d2e-4f5a-8b9c-1d2e3f4a5b6c") },
    ],
  ])("finds %s without sending it", async (_, check, fields) => {
    await using server = await startCodeFlowServer();
    const others = fields.type === undefined ? oauth(server.origin) : {};
    const provider = { ...others, ...fields } as DesiredProvider;
    const findings = await fixture.diagnose(provider, { probeSecrets: false, timeoutMs: 500 });
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ severity: "broken", check, field: "clientSecret" }),
    ]);
    expect(server.requests.some(({ form }) => form.has("client_secret"))).toBe(false);
  });
});

const oauth = (origin: string): DesiredProvider => ({
  type: "oauth",
  name: "Acme",
  clientId: "zitadel",
  clientSecret: knownSecret,
  authorizationEndpoint: `${origin}/authorize`,
  tokenEndpoint: `${origin}/token`,
  userEndpoint: `${origin}/user`,
  idAttribute: "sub",
});

async function startGitHub(token: CodeFlowAnswer): Promise<SecureHosts> {
  return await startSecureHosts({
    "github.com": ({ url, form }) =>
      url.pathname.endsWith("/access_token")
        ? form.has("client_id")
          ? token
          : { status: 404, body: "Not Found" }
        : { status: 302, headers: { location: "/login" } },
    "api.github.com": () => ({ status: 401, body: { message: "Requires authentication" } }),
  });
}

describe("a right secret", () => {
  test.each<[string, CodeFlowOptions]>([
    ["a provider that accepts secrets anywhere", {}],
    ["a provider that accepts secrets in the header only", { secretIn: "header" }],
    ["a provider that accepts secrets in the body only", { secretIn: "body" }],
    ["a secret with characters that need escapes", { clientSecret: "a:b+c d%&=ü" }],
  ])("reports at most notes for %s", async (_, options) => {
    const { clientSecret = knownSecret } = options;
    expect(await diagnoseServer(options, { clientSecret })).toEqual([
      expect.objectContaining({ severity: "note", check: "secret/accepted" }),
    ]);
  });

  test("reports at most notes for a client of a real provider", async () => {
    await using provider = await startOidcProvider({
      clients: [
        { client_id: "zitadel", client_secret: knownSecret, redirect_uris: fixture.redirectUris },
      ],
    });
    const findings = await fixture.diagnose({
      type: "oidc",
      name: "Acme",
      issuer: provider.issuer,
      clientId: "zitadel",
      clientSecret: knownSecret,
    });
    expect(listProblems(findings)).toEqual([]);
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ check: "secret/accepted" }),
    ]);
  });

  test("reports at most notes for a client of GitHub", async () => {
    await using hosts = await startGitHub({ body: { error: "bad_verification_code" } });
    const provider: DesiredProvider = {
      type: "github",
      clientId: "zitadel",
      clientSecret: knownSecret,
    };
    const findings = await fixture.diagnose(provider, hosts.options);
    expect(listProblems(findings)).toEqual([]);
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ check: "secret/accepted" }),
    ]);
  });

  test("reports at most notes for a client of Entra ID", async () => {
    await using hosts = await startEntra({ authorization_code: 9002313 });
    const findings = await fixture.diagnose(entra(knownSecret), hosts.options);
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({ severity: "note", check: "secret/accepted" }),
    ]);
  });
});

describe("a secret that cannot be checked", () => {
  test.each<[string, CodeFlowOptions, string]>([
    ["a busy server", tokenAnswer({ status: 503 }), "HTTP 503"],
    ["an unknown error", tokenAnswer({ status: 400, body: { error: "slow_down" } }), "slow_down"],
    [
      "a provider that asks for a PKCE verifier",
      tokenAnswer({
        status: 400,
        body: { error: "invalid_request", error_description: "Missing parameter: code_verifier" },
      }),
      "invalid_request",
    ],
    [
      "an error code that repeats the secret",
      tokenAnswer({ status: 400, body: { error: knownSecret } }),
      "HTTP 400",
    ],
    [
      "a provider without discovery document",
      { handlers: { "/.well-known/openid-configuration": () => ({ status: 404 }) } },
      "names no endpoints",
    ],
    [
      "a token endpoint of another scheme",
      {
        handlers: {
          "/.well-known/openid-configuration": () => ({
            body: { authorization_endpoint: "ftp://a.example", token_endpoint: "ftp://a.example" },
          }),
        },
      },
      "the token endpoint must be a URL",
    ],
  ])("is reported as unchecked after %s", async (_, options, reason) => {
    expect(await diagnoseServer(options)).toEqual([
      expect.objectContaining({
        severity: "unchecked",
        check: "secret/unchecked",
        message: expect.stringContaining(reason),
      }),
    ]);
  });

  test("does not appear in a message, even if it has the form of an error code", async () => {
    const clientSecret = "letters_only";
    const answer = tokenAnswer({ status: 400, body: { error: clientSecret } });
    const [finding] = await diagnoseServer(answer, { clientSecret });
    expect(finding).toMatchObject({ message: expect.stringContaining("HTTP 400") });
    expect(JSON.stringify(finding)).not.toContain(clientSecret);
  });

  test("is not sent without TLS to another machine, and not to this one without allowPrivate", async () => {
    await using server = await startCodeFlowServer();
    const findings = await fixture.diagnose(oauth(server.origin), { allowPrivate: false });
    expect(secretFindings(findings)).toEqual([
      expect.objectContaining({
        severity: "unchecked",
        message: expect.stringContaining("no secret is sent without TLS"),
      }),
    ]);
    expect(server.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  test("is reported as unknown if no file contains it", async () => {
    expect(await diagnoseServer({}, { clientSecret: undefined })).toEqual([
      expect.objectContaining({ severity: "note", check: "secret/unknown" }),
    ]);
  });

  test("is not sent without probeSecrets, and nothing is reported", async () => {
    await using server = await startCodeFlowServer();
    const findings = await fixture.diagnose(oauth(server.origin), { probeSecrets: false });
    expect(secretFindings(findings)).toEqual([]);
    const isSent = server.requests.some(
      ({ headers, form }) => headers.authorization !== undefined || form.has("client_secret"),
    );
    expect(isSent).toBe(false);
  });
});

test("is not reported as rejected if tokenEndpoint is a user endpoint", async () => {
  const answer = { status: 401, headers: { "www-authenticate": "Bearer" } };
  const findings = await diagnoseServer(tokenAnswer(answer));
  expect(findings.map(({ check }) => check)).toEqual(["secret/unchecked"]);
});

test("explains the codes of Entra ID at a generic provider too", async () => {
  const findings = await diagnoseServer(
    tokenAnswer({ status: 401, body: { error: "invalid_client", error_codes: [700025] } }),
  );
  expect(findings[0]?.message).toContain(
    "AADSTS700025: the application is a public client, which takes no secret",
  );
});

test("finds the name of a variable in the place of a secret", async () => {
  const findings = await diagnoseServer({}, { clientSecret: "ACME_CLIENT_SECRET" });
  expect(listProblems(findings)).toContainEqual(
    expect.stringMatching(
      /^broken secret\/wrong-kind: the value has the form of the name of an env/,
    ),
  );
});

test("the tests report each check of the catalogue", () => {
  expect([...fixture.reported].filter((name) => name.startsWith("secret/")).toSorted()).toEqual(
    checksOf("secret").toSorted(),
  );
});
