import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRemoteJWKSet, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import { type RawResponse, sendRaw } from "../support/raw-http.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { findDifference } from "./known-differences.js";
import { namedStepRecordings } from "./replayed-recordings.js";
import { callRaw, type WireName, wireNames } from "../support/wires.js";

interface Step {
  name: string;
  method: string;
  path: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  /** The parts of `<assertion>` in the form. Times are seconds from now. */
  assertion?: Assertion;
  basic?: [id: string, secret: string];
  body?: string;
  response: { status: number; headers: number; body?: Record<string, unknown> };
  /** The response to a call of the API with the token. */
  api?: { status: number; body: unknown };
}

interface Assertion {
  header: { alg: string; kid?: string };
  claims: Record<string, unknown>;
  signedWith?: "another key";
}

const recording = JSON.parse(
  readFileSync(new URL("../recordings/token-endpoint.json", import.meta.url), "utf8"),
) as { headerSets: Record<string, string | string[]>[]; steps: Step[] };

const ids = {
  org: "100000000000000001",
  inactive: "100000000000000002",
  gone: "100000000000000003",
};
const userId = "200000000000000001";
const keyId = "300000000000000001";
const apiScope = "urn:zitadel:iam:org:project:id:zitadel:aud";
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const secret = "pä ss:w+rd%&";

const keyPair = createKeyPair();
const anotherKeyPair = createKeyPair();

const seed: EmulatorSeed = {
  organizations: [
    { id: ids.org, name: "org" },
    { id: ids.inactive, name: "inactive", state: "inactive" },
    { id: ids.gone, name: "gone", state: "removed" },
  ],
  serviceUsers: [
    {
      id: userId,
      name: "ci bot",
      organization: "org",
      clientSecret: secret,
      keys: [
        { id: keyId, publicKey: keyPair.publicSpki },
        { id: "pkcs1", publicKey: keyPair.publicPkcs1 },
      ],
      instanceRoles: ["IAM_OWNER"],
    },
    { id: "keyless", name: "keyless", organization: "org", token: "pat" },
    ...(["inactive", "gone"] as const).map((organization) => ({
      id: `${organization}-user`,
      name: `${organization}-user`,
      organization,
      token: `${organization}-pat`,
      clientSecret: secret,
      keys: [{ id: `${organization}-key`, publicKey: keyPair.publicSpki }],
      organizationRoles: { [organization]: ["ORG_OWNER"] },
    })),
  ],
};

let emulator: Emulator;
let port: number;
let issuer: string;
beforeAll(async () => {
  emulator = createEmulator({ seed });
  const listener = await emulator.listen();
  port = listener.port;
  issuer = listener.url;
});
afterAll(() => emulator.close());

const now = (): number => Math.floor(Date.now() / 1000);

function rightClaims(): Record<string, unknown> {
  return { iss: userId, sub: userId, aud: issuer, iat: now(), exp: now() + 3600 };
}

function signAssertion(
  claims: Record<string, unknown> = {},
  { kid = keyId, key = keyPair.privateKey }: { kid?: string; key?: KeyObject } = {},
): Promise<string> {
  return new SignJWT({ ...rightClaims(), ...claims })
    .setProtectedHeader({ alg: "RS256", kid })
    .sign(key);
}

function basic(id: string, password: string): string {
  const encode = (text: string): string => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${btoa(`${encode(id)}:${encode(password)}`)}`;
}

function post(
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<RawResponse> {
  return sendRaw(port, {
    method: "POST",
    path: "/oauth/v2/token",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: Buffer.from(typeof form === "string" ? form : new URLSearchParams(form).toString()),
  });
}

function json({ body }: RawResponse): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

const jwtForm = async (
  assertion: string | Promise<string>,
  scope = apiScope,
): Promise<RawResponse> => post({ grant_type: jwtBearer, assertion: await assertion, scope });
const secretForm = {
  grant_type: "client_credentials",
  scope: apiScope,
  client_id: "ci bot",
  client_secret: secret,
};

async function tokenOf(response: Promise<RawResponse>): Promise<string> {
  const { access_token: token } = json(await response);
  expect(token).toMatch(/^[\w-]{40,}$/);
  return String(token);
}

/** Calls the API with a token and returns "ok" or the error. */
async function callWithToken(
  wire: WireName,
  token: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const method = methods.get("zitadel.management.v1.ManagementService")?.get("ListProviders");
  if (method === undefined) {
    throw new Error("no such RPC");
  }
  const outcome = await callRaw(
    wire,
    port,
    method,
    {},
    { authorization: `Bearer ${token}`, ...headers },
  );
  if ("ok" in outcome) {
    return "ok";
  }
  return "error" in outcome
    ? `${String(outcome.error["code"])} ${String(outcome.error["message"])}`
    : JSON.stringify(outcome);
}
const tokenInvalid = "16 Errors.Token.Invalid (AUTH-7fs1e)";

describe("as recorded", () => {
  const steps = recording.steps.filter(
    ({ name }) => findDifference("token-endpoint", name) === undefined,
  );
  test.each(steps)("$name", async (step) => {
    const { headers, body } = await fill(step);
    const response = await sendRaw(port, {
      method: step.method,
      path: step.path,
      headers,
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
    expect(describeResponse(response)).toEqual({
      status: step.response.status,
      headers: normalizeHeaders(recording.headerSets[step.response.headers] ?? {}),
      body: expectedBody(step),
    });
    if (step.api !== undefined) {
      const answer = await sendRaw(port, {
        method: "GET",
        path: "/management/v1/policies/default/login",
        headers: { authorization: `Bearer ${String(json(response)["access_token"])}` },
      });
      expect([answer.status, answer.status === 200 ? "<policy>" : json(answer)]).toEqual([
        step.api.status,
        step.api.body,
      ]);
    }
  });

  test("no other step is left out", () => {
    expect(steps).toHaveLength(namedStepRecordings["token-endpoint"]);
  });

  async function fill(step: Step): Promise<{ headers: Record<string, string>; body?: string }> {
    const values: Record<string, string> = {
      "<assertion>": step.assertion ? await signRecorded(step.assertion) : "",
      // The server does not know a secret right after its generation: a user without a secret is in the same state.
      "<client_id>": step.name.endsWith("right after the secret was generated")
        ? "keyless"
        : "ci bot",
      "<client_secret>": secret,
      "<login of another user>": "keyless",
      "<userId>": userId,
    };
    const form =
      step.form && Object.entries(step.form).map(([name, value]) => [name, values[value] ?? value]);
    const [id = "", password = ""] = step.basic ?? [];
    const body = form ? new URLSearchParams(form).toString() : step.body;
    return {
      headers: {
        ...step.headers,
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...(step.basic && { authorization: basic(values[id] ?? id, values[password] ?? password) }),
      },
      ...(body !== undefined && { body }),
    };
  }

  function signRecorded({ header, claims, signedWith }: Assertion): Promise<string> {
    const text = JSON.stringify(claims, (key, value: unknown) =>
      (key === "iat" || key === "exp") && typeof value === "number" ? value + now() : value,
    );
    return new SignJWT(
      JSON.parse(here(text).replaceAll("<userId>", userId)) as Record<string, unknown>,
    )
      .setProtectedHeader({ ...header, ...(header.kid === "<keyId>" && { kid: keyId }) })
      .sign(signedWith === undefined ? keyPair.privateKey : anotherKeyPair.privateKey);
  }

  /** Replaces the origin of the recorded server, which listened on another port. */
  function here(text: string): string {
    return text.replaceAll("http://localhost:8080", issuer);
  }

  function expectedBody({ name, response: { body } }: Step): unknown {
    if (name === "keys") {
      // The real server returned two keys; the emulator has one.
      return { keys: [body?.["keys"]].flat().slice(0, 1) };
    }
    return body === undefined ? "" : JSON.parse(here(JSON.stringify(body)));
  }

  function describeResponse(response: RawResponse): unknown {
    const text = response.body.toString();
    const body: unknown =
      text === ""
        ? ""
        : JSON.parse(text, (key, value: unknown) => {
            if (key === "access_token" || key === "id_token") {
              return "<token>";
            }
            return isKey(value)
              ? {
                  use: value["use"],
                  kty: value["kty"],
                  alg: value["alg"],
                  fields: Object.keys(value),
                }
              : value;
          });
    return { status: response.status, headers: normalizeHeaders(response.headers), body };
  }

  function isKey(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && "kty" in value;
  }

  function normalizeHeaders(headers: Record<string, string | string[]>): Record<string, unknown> {
    const chance: Record<string, string> = { expires: "<http-date>", "x-request-id": "<xid>" };
    const ofTheHttpLibrary = [
      "date",
      "content-length",
      "transfer-encoding",
      "connection",
      "keep-alive",
    ];
    return Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !ofTheHttpLibrary.includes(name))
        .map(([name, value]) => [name, chance[name] ?? String(value).split(/, ?/).toSorted()]),
    );
  }
});

describe.each(wireNames)("a token is valid for calls over %s", (wire) => {
  test.each<[string, () => Promise<RawResponse>]>([
    ["by an assertion", () => jwtForm(signAssertion())],
    [
      "by an assertion signed with the PKCS#1 key of a key file",
      () => jwtForm(signAssertion({}, { key: createPrivateKey(keyPair.privatePkcs1) })),
    ],
    [
      "by an assertion whose key was seeded as PKCS#1",
      () => jwtForm(signAssertion({}, { kid: "pkcs1" })),
    ],
    ["by a client secret in the form", () => post(secretForm)],
    [
      "by a client secret in the header",
      () =>
        post(
          { grant_type: "client_credentials", scope: `openid ${apiScope}` },
          { authorization: basic("ci bot", secret) },
        ),
    ],
  ])("got %s", async (_, ask) => {
    const [one, two] = [await tokenOf(ask()), await tokenOf(ask())];
    expect(one).not.toBe(two);
    expect([await callWithToken(wire, one), await callWithToken(wire, two)]).toEqual(["ok", "ok"]);
  });

  test("only with the API in its audience", async () => {
    expect(
      await callWithToken(wire, await tokenOf(jwtForm(signAssertion(), "openid profile"))),
    ).toBe(tokenInvalid);
  });

  test("users of an inactive organization have access with old and new tokens", async () => {
    const token = await tokenOf(post({ ...secretForm, client_id: "inactive-user" }));
    expect([await callWithToken(wire, "inactive-pat"), await callWithToken(wire, token)]).toEqual([
      "ok",
      "ok",
    ]);
  });

  test("calls may name a removed organization, but the tokens of its users are invalid", async () => {
    const owner = await tokenOf(post(secretForm));
    expect([
      await callWithToken(wire, "gone-pat"),
      await callWithToken(wire, owner, { "x-zitadel-orgid": ids.gone }),
    ]).toEqual([tokenInvalid, "ok"]);
  });
});

describe("a token", () => {
  test("can be requested repeatedly with one assertion", async () => {
    const assertion = signAssertion();
    const tokens = [await tokenOf(jwtForm(assertion)), await tokenOf(jwtForm(assertion))];
    expect(new Set(tokens).size).toBe(2);
    expect(await Promise.all(tokens.map((token) => callWithToken("json", token)))).toEqual([
      "ok",
      "ok",
    ]);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test("expires, but a personal access token does not", async () => {
    const token = await tokenOf(jwtForm(signAssertion()));
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + (12 * 3600 - 5) * 1000);
    expect(await callWithToken("json", token)).toBe("ok");
    vi.setSystemTime(Date.now() + 6000);
    expect(await callWithToken("json", token)).toBe(tokenInvalid);
    const fresh = await tokenOf(jwtForm(signAssertion()));
    expect([
      await callWithToken("json", fresh),
      await callWithToken("json", token),
      await callWithToken("json", "inactive-pat"),
    ]).toEqual(["ok", tokenInvalid, "ok"]);
  });

  test("is valid only on the emulator that issued it", async () => {
    const other = createEmulator({ seed });
    const client = createIdpClient({
      baseUrl: other.url,
      auth: await tokenOf(post(secretForm)),
      fetch: other.fetch,
    });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
    });
  });
});

describe("an assertion is rejected", () => {
  const rejection = [400, { error: "invalid_grant", error_description: "invalid assertion" }];
  test.each<[string, () => string | Promise<string>]>([
    ["with iat thirty seconds in the future", () => signAssertion({ iat: now() + 30 })],
    ["with iat an hour and some seconds ago", () => signAssertion({ iat: now() - 3605 })],
    ["with exp now", () => signAssertion({ exp: now() })],
    ["with a time as text", () => signAssertion({ iat: String(now()) })],
    ["with fractions of a second", () => signAssertion({ exp: now() + 60.5 })],
    ["without iss", () => signAssertion({ iss: undefined })],
    ["without a signature", () => new UnsecuredJWT(rightClaims()).encode()],
    [
      "with the public key as a shared secret",
      () =>
        new SignJWT(rightClaims())
          .setProtectedHeader({ alg: "HS256", kid: keyId })
          .sign(new TextEncoder().encode(keyPair.publicSpki)),
    ],
    [
      "with another algorithm for the same key",
      () =>
        new SignJWT(rightClaims())
          .setProtectedHeader({ alg: "PS256", kid: keyId })
          .sign(keyPair.privateKey),
    ],
    ["of a user without keys", () => signAssertion({ iss: "keyless", sub: "keyless" })],
    ["with the key of another user", () => signAssertion({}, { kid: "inactive-key" })],
    ["for another user", () => signAssertion({ sub: "inactive-user" })],
    [
      "of a user of a removed organization",
      () => signAssertion({ iss: "gone-user", sub: "gone-user" }, { kid: "gone-key" }),
    ],
    [
      "with changed claims",
      async () => (await signAssertion()).replace(/\.[^.]+\./, (part) => `${part.slice(0, -1)}A.`),
    ],
    ["without its last part", async () => (await signAssertion()).replace(/\.[^.]*$/, "")],
  ])("%s", async (_, make) => {
    const response = await jwtForm(make());
    expect([response.status, json(response)]).toEqual(rejection);
  });

  test("before the scope is checked", async () => {
    const errors = [
      await post({ grant_type: jwtBearer, assertion: "x" }),
      await post({ grant_type: "client_credentials", client_id: "ci bot", client_secret: "x" }),
    ];
    expect(errors.map((response) => json(response)["error_description"])).toEqual([
      "invalid assertion",
      "Errors.User.Machine.Secret.Invalid",
    ]);
  });
});

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
      () => post(grant, { authorization: basic("ci bot", secret).replace("Basic", "bAsIc") }),
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
    expect([response.status, json(response)["error_description"] ?? ""]).toEqual([
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
    expect(await callWithToken("grpc", String(json(response)["access_token"]))).toBe("ok");
  });
});

const resourceOwnerScope = "urn:zitadel:iam:user:resourceowner";
const resourceOwnerClaims = {
  [`${resourceOwnerScope}:id`]: ids.org,
  [`${resourceOwnerScope}:name`]: "org",
  [`${resourceOwnerScope}:primary_domain`]: "org.localhost",
};

describe("an id_token", () => {
  test.each<[string, string[] | undefined, (scope: string) => Promise<RawResponse>]>([
    ["by an assertion", undefined, (scope) => jwtForm(signAssertion(), scope)],
    ["by a client secret", ["pwd"], (scope) => post({ ...secretForm, scope })],
  ])("requested %s is signed with the published key", async (_, methodsOfUser, ask) => {
    const clientId = "ci bot";
    const { access_token: accessToken, id_token: idToken } = json(
      await ask(`openid profile ${resourceOwnerScope} urn:zitadel:iam:org:project:id:77:aud`),
    );
    const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/v2/keys`));
    const { payload, protectedHeader } = await jwtVerify(String(idToken), keys, {
      issuer,
      audience: clientId,
      subject: userId,
      algorithms: ["RS256"],
      // The token expires when it is issued.
      clockTolerance: 30,
    });
    const hash = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(String(accessToken)),
    );
    expect(payload).toMatchObject({
      ...resourceOwnerClaims,
      aud: ["77", clientId],
      exp: payload.iat,
      auth_time: payload.iat,
      azp: clientId,
      client_id: clientId,
      at_hash: Buffer.from(hash).subarray(0, 16).toString("base64url"),
    });
    expect([payload["amr"], payload["name"]]).toEqual([methodsOfUser, undefined]);
    expect(protectedHeader).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: expect.stringMatching(/^\d{18}$/),
    });
  });
});

describe("userinfo", () => {
  const ask = (headers: Record<string, string>, query = ""): Promise<RawResponse> =>
    sendRaw(port, { method: "GET", path: `/oidc/v1/userinfo${query}`, headers });
  const profile = {
    name: "ci bot",
    preferred_username: "ci bot",
    updated_at: expect.any(Number),
  };

  test.each<[string, string, Record<string, unknown>]>([
    ["only the id", "openid", {}],
    ["the profile", "openid profile email", profile],
    ["the organization", `openid ${resourceOwnerScope}`, resourceOwnerClaims],
    [
      "the organization of a scope",
      "openid urn:zitadel:iam:org:id:7 urn:zitadel:iam:org:domain:primary:x.test",
      {
        ...resourceOwnerClaims,
        "urn:zitadel:iam:org:id": "7",
        "urn:zitadel:iam:org:domain:primary": "x.test",
      },
    ],
  ])("returns %s", async (_, scope, claims) => {
    const token = await tokenOf(post({ ...secretForm, scope }));
    const expected = { sub: userId, ...claims };
    const responses = [
      await ask({ authorization: `Bearer ${token}` }),
      await ask({}, `?access_token=${token}`),
    ];
    expect(responses.map(json)).toEqual([expected, expected]);
  });

  test("accepts a personal access token", async () => {
    expect(json(await ask({ authorization: "bearer pat" }))).toMatchObject({
      ...resourceOwnerClaims,
      sub: "keyless",
      name: "keyless",
    });
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["no token", {}, "invalid_request", "access token missing"],
    ["another scheme", { authorization: "Basic x" }, "invalid_request", "access token missing"],
    ["an unknown token", { authorization: "Bearer x" }, "access_denied", "access token invalid"],
    [
      "a token of a removed organization",
      { authorization: "Bearer gone-pat" },
      "access_denied",
      "access token invalid",
    ],
  ])("rejects %s", async (_, headers, error, description) => {
    const response = await ask(headers);
    expect([response.status, json(response)]).toEqual([
      401,
      { error, error_description: description },
    ]);
  });
});

/** Sends a form to an endpoint for tokens. */
const send = (path: string, form: Record<string, string>): Promise<RawResponse> =>
  sendRaw(port, {
    method: "POST",
    path,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(String(new URLSearchParams(form))),
  });

const serviceUser = { client_id: "ci bot", client_secret: secret };

describe("introspection", () => {
  test.each<[string, Record<string, string>, string, string | undefined]>([
    ["no client", {}, "invalid_request", "client_id or client_assertion must be provided"],
    ["no secret", { client_id: "x" }, "invalid_client", "client must be authenticated"],
    ["no token", serviceUser, "invalid_request", "token missing"],
    [
      "a service user, which is no application",
      { ...serviceUser, token: "pat" },
      "unauthorized_client",
      undefined,
    ],
  ])("rejects %s", async (_, form, error, description) => {
    const response = await send("/oauth/v2/introspect", form);
    expect([response.status, json(response)]).toEqual([
      400,
      { error, error_description: description },
    ]);
  });
});

describe("revocation", () => {
  const asServiceUser = { ...serviceUser, grant_type: "client_credentials" };

  test("ends a token of the client, and accepts an unknown token", async () => {
    const token = await tokenOf(post(secretForm));
    const response = await send("/oauth/v2/revoke", { ...asServiceUser, token });
    expect([response.status, response.body.length]).toEqual([200, 0]);
    expect(await callWithToken("json", token)).toBe(tokenInvalid);
    expect((await send("/oauth/v2/revoke", { ...asServiceUser, token })).status).toBe(200);
  });

  test("does not end a token of another client", async () => {
    const token = await tokenOf(post({ ...secretForm, client_id: "inactive-user" }));
    const response = await send("/oauth/v2/revoke", { ...asServiceUser, token });
    expect([response.status, json(response)]).toEqual([
      401,
      { error: "invalid_client", error_description: "token was not issued for this client" },
    ]);
    expect(await callWithToken("json", token)).toBe("ok");
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["no client", {}, "invalid_request", "client_id or client_assertion must be provided"],
    [
      "a client without its grant type",
      { ...serviceUser, token: "x" },
      "invalid_client",
      "no active client not found",
    ],
    ["no token", asServiceUser, "invalid_request", "token missing"],
  ])("rejects %s", async (_, form, error, description) => {
    const response = await send("/oauth/v2/revoke", form);
    expect([response.status, json(response)]).toEqual([
      400,
      { error, error_description: description },
    ]);
  });
});

describe("without a network", () => {
  test.each(["http://localhost", "https://login.test", "https://login.test:8443"])(
    "the issuer is the origin of the request: %s",
    async (origin) => {
      const { fetch } = createEmulator({
        seed: { ...seed, instance: { domain: new URL(origin).hostname } },
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
