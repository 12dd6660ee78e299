import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { type RawResponse, sendRaw } from "../support/raw-http.js";
import {
  apiScope,
  createBasicHeader,
  parseJsonBody,
  jwtBearer,
  oauthSecret,
  oauthSeed,
  secretForm,
  useOAuth,
} from "../support/use-oauth.js";

const { callWithToken, jwtForm, port, post, signAssertion } = await useOAuth();

describe("the token endpoint", () => {
  test("expired an hour ago, by its headers, while the services expire now", async () => {
    const { headers } = await sendRaw(port, {
      method: "GET",
      path: "/oauth/v2/token",
      headers: {},
    });
    const aheadMs = Date.parse(String(headers["expires"])) - Date.now();
    expect(aheadMs).toBeGreaterThan(-3_630_000);
    expect(aheadMs).toBeLessThanOrEqual(-3_600_000);
  });

  const grant = { grant_type: "client_credentials", scope: apiScope };
  test.each<[string, () => Promise<RawResponse>, number, string]>([
    [
      "accepts parameters in the query",
      () =>
        sendRaw(port, {
          method: "GET",
          path: `/oauth/v2/token?${String(new URLSearchParams(secretForm))}`,
          headers: {},
        }),
      200,
      "",
    ],
    [
      "accepts the content type in capitals and with parameters",
      () =>
        post(secretForm, { "content-type": "Application/X-WWW-Form-Urlencoded; charset=utf-8" }),
      200,
      "",
    ],
    [
      "ignores a body of another content type",
      () => post(secretForm, { "content-type": "text/plain" }),
      400,
      "grant_type missing",
    ],
    [
      "ignores a body without a content type",
      () =>
        sendRaw(port, {
          method: "POST",
          path: "/oauth/v2/token",
          headers: {},
          body: Buffer.from(String(new URLSearchParams(secretForm))),
        }),
      400,
      "grant_type missing",
    ],
    ["rejects malformed escapes", () => post("grant_type=%zz"), 400, "error parsing form"],
    [
      "rejects semicolons",
      () => post("grant_type=client_credentials;scope=x"),
      400,
      "error parsing form",
    ],
    [
      "rejects more than 10 MiB",
      () => post(`grant_type=${"x".repeat(10 * 1024 * 1024)}`),
      400,
      "error parsing form",
    ],
    [
      "accepts the scheme of the header in any case",
      () =>
        post(grant, {
          authorization: createBasicHeader("ci bot", oauthSecret).replace("Basic", "bAsIc"),
        }),
      200,
      "",
    ],
    [
      "ignores a header that is not Basic",
      () => post(secretForm, { authorization: "Bearer pat" }),
      200,
      "",
    ],
    [
      "ignores a header that is not base64",
      () => post(secretForm, { authorization: "Basic ???" }),
      200,
      "",
    ],
    [
      "ignores a header without a colon",
      () => post(secretForm, { authorization: `Basic ${btoa("x")}` }),
      200,
      "",
    ],
    [
      "rejects a header whose parts are not URL-encoded",
      () => post(grant, { authorization: `Basic ${btoa("ci bot:100%")}` }),
      400,
      "invalid basic auth header",
    ],
    [
      "reports an unknown client for a client assertion",
      () => post({ ...grant, client_assertion: "x" }),
      400,
      "client not found",
    ],
    [
      "reports an unknown client for users of a removed organization",
      () => post({ ...secretForm, client_id: "gone-user" }),
      400,
      "client not found",
    ],
    [
      "rejects a deactivated user with the right secret",
      () => post({ ...secretForm, client_id: "deactivated" }),
      400,
      "Errors.User.NotActive",
    ],
    [
      "checks the secret before the state of the user",
      () => post({ ...secretForm, client_id: "deactivated", client_secret: "x" }),
      400,
      "Errors.User.Machine.Secret.Invalid",
    ],
    [
      "rejects a deactivated user with a valid assertion",
      () =>
        jwtForm(
          signAssertion({ iss: "deactivated", sub: "deactivated" }, { kid: "deactivated-key" }),
        ),
      400,
      "Errors.User.NotActive",
    ],
    ...["authorization_code", "refresh_token"].flatMap(
      (grantType): [string, () => Promise<RawResponse>, number, string][] => [
        [
          `reports a missing client for the grant ${grantType}`,
          () => post({ grant_type: grantType, code: "x", refresh_token: "x" }),
          400,
          "client_id or client_assertion must be provided",
        ],
        [
          `reports an unknown client for the grant ${grantType}, which service users cannot use`,
          () => post({ ...secretForm, grant_type: grantType }),
          400,
          "no active client not found",
        ],
      ],
    ),
    [
      "rejects a grant with the name of an object property",
      () => post({ grant_type: "constructor" }),
      400,
      "constructor not supported",
    ],
  ])("%s", async (_, ask, status, description) => {
    const response = await ask();
    expect([response.status, parseJsonBody(response)["error_description"] ?? ""]).toEqual([
      status,
      description,
    ]);
  });

  test("lets pages of other origins read the response", async () => {
    const { headers } = await post(secretForm, { origin: "https://app.example.test" });
    expect(headers).toMatchObject({
      "access-control-allow-origin": "https://app.example.test",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "Location, Content-Length",
    });
  });

  test.each(["/oauth/v2/token", "/oauth/v2/keys", "/.well-known/openid-configuration"])(
    "%s returns 404 for another host name",
    async (path) => {
      const response = await sendRaw(port, {
        method: "GET",
        path,
        headers: { host: "other.test" },
      });
      expect([response.status, response.headers["content-type"]]).toEqual([
        404,
        "text/plain; charset=utf-8",
      ]);
      expect(response.body.toString()).toContain("Instance not found");
    },
  );

  test("works over HTTP/2 as well", async () => {
    const response = await sendRaw(port, {
      version: 2,
      method: "POST",
      path: "/oauth/v2/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from(String(new URLSearchParams(secretForm))),
    });
    expect(await callWithToken("grpc", String(parseJsonBody(response)["access_token"]))).toBe("ok");
  });
});

describe("without a network", () => {
  test.each(["http://localhost", "https://login.test", "https://login.test:8443"])(
    "the issuer is the origin of the request: %s",
    async (origin) => {
      const { fetch } = createEmulator({
        seed: { ...oauthSeed, instance: { domain: new URL(origin).hostname } },
      });
      const discovered = (await (
        await fetch(`${origin}/.well-known/openid-configuration`)
      ).json()) as {
        issuer: string;
        token_endpoint: string;
      };
      expect(discovered.issuer).toBe(origin);
      const response = await fetch(discovered.token_endpoint, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: jwtBearer,
          assertion: await signAssertion({ aud: origin }),
          scope: apiScope,
        }),
      });
      const { access_token: auth } = (await response.json()) as { access_token: string };
      const client = createIdpClient({ baseUrl: origin, auth, fetch });
      await expect(client.management.listProviders({})).resolves.toMatchObject({ result: [] });
    },
  );

  test("the headers of a proxy set the issuer to https", async () => {
    const { fetch } = createEmulator();
    const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "localhost:443" };
    const response = await fetch("http://localhost/.well-known/openid-configuration", { headers });
    expect(await response.json()).toMatchObject({ issuer: "https://localhost" });
  });
});
