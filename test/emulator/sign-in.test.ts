import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.js";
import { servedMethods } from "../../src/emulator/methods.js";
import { sendRaw } from "../support/raw-http.js";
import { startUpstream, type Upstream } from "../support/upstream.js";
import { callRaw, formatOutcome, type WireName, wireNames } from "../support/wires.js";

let emulator: Emulator;
let listener: Listener;
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
  emulator = createEmulator({ seed: { instance: { allowPrivateUrls: true } } });
  listener = await emulator.listen();
});
afterAll(async () => {
  await emulator.close();
  await upstream.close();
});
afterEach(() => {
  upstream.tokenRequests.length = 0;
  upstream.answer = () => ({ status: 400, body: { error: "invalid_grant" } });
});

type Level = "management" | "admin";

/** Calls an RPC. Throws if it fails. */
async function call(level: Level, rpc: string, request: JsonObject): Promise<JsonObject> {
  const service = {
    management: "zitadel.management.v1.ManagementService",
    admin: "zitadel.admin.v1.AdminService",
  };
  const method = servedMethods.get(service[level])?.get(rpc);
  if (method === undefined) {
    throw new Error(`no RPC ${rpc}`);
  }
  const headers = { authorization: `Bearer ${emulator.token}` };
  const outcome = await callRaw("json", listener.port, method, request, headers);
  if ("ok" in outcome) {
    return outcome.ok;
  }
  throw new Error(`${rpc}: ${formatOutcome(outcome)}`);
}

async function add(level: Level, rpc: string, request: JsonObject): Promise<string> {
  const made = await call(level, rpc, {
    name: "n",
    clientId: "client",
    clientSecret: "first",
    ...request,
  });
  return String(made["id"] ?? made["idpId"]);
}

const addOidc = (level: Level = "management", request: JsonObject = {}): Promise<string> =>
  add(level, "AddGenericOIDCProvider", { issuer: upstream.origin, ...request });

const urls = {
  successUrl: "https://app.example/success",
  failureUrl: "https://app.example/failure?tab=1#top",
};

/** Starts a sign-in, and returns the outcome in one form for all wire protocols. */
async function start(
  idpId: string,
  wire: WireName = "json",
  content: JsonObject = { urls },
): Promise<Awaited<ReturnType<typeof callRaw>>> {
  const method = UserService.method.startIdentityProviderIntent;
  const headers = { authorization: `Bearer ${emulator.token}` };
  return callRaw(wire, listener.port, method, { idpId, ...content }, headers);
}

/** Starts a sign-in, and returns the URL for the browser. Throws if it fails. */
async function startUrl(idpId: string): Promise<URL> {
  const outcome = await start(idpId);
  if (!("ok" in outcome)) {
    throw new Error(formatOutcome(outcome));
  }
  return new URL(String(outcome.ok["authUrl"]));
}

/** Returns to ZITADEL from a provider. */
async function comeBack(parameters: Record<string, string>): Promise<Response> {
  const query = new URLSearchParams(parameters);
  return fetch(`${listener.url}/idps/callback?${query}`, { redirect: "manual" });
}

/** Signs in with a provider, and returns the last request to its token endpoint. */
async function signIn(idpId: string): Promise<Upstream["tokenRequests"][number] | undefined> {
  const { searchParams } = await startUrl(idpId);
  await comeBack({ code: "c", state: searchParams.get("state") ?? "" });
  return upstream.tokenRequests.at(-1);
}

describe.each(wireNames)("the start of a sign-in over %s", (wire) => {
  test("returns the URL of the authorization endpoint that the provider publishes", async () => {
    const outcome = await start(await addOidc(), wire);
    const { authUrl, details } = (outcome as { ok: JsonObject }).ok;
    const { origin, pathname, searchParams } = new URL(String(authUrl));
    expect(origin + pathname).toBe(`${upstream.origin}/discovered/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: "client",
      prompt: "select_account",
      redirect_uri: `${listener.url}/idps/callback`,
      response_type: "code",
      scope: "openid profile email phone",
      state: expect.stringMatching(/^\d{18}$/) as string,
    });
    expect(details).toEqual({
      sequence: "1",
      changeDate: expect.any(String) as string,
      resourceOwner: emulator.instanceId,
    });
  });

  test.each([
    [
      "an empty id",
      "",
      { urls },
      "3 invalid StartIdentityProviderIntentRequest.IdpId: value length must be between 1 and 200 runes, inclusive",
    ],
    [
      "no page for success",
      "1",
      { urls: { failureUrl: "x" } },
      "3 invalid StartIdentityProviderIntentRequest.Urls: embedded message failed validation | caused by: invalid RedirectURLs.SuccessUrl: value length must be between 1 and 2048 runes, inclusive",
    ],
    [
      "an unknown id",
      "1",
      { urls },
      "9 Identity Provider Configuration doesn't exist (COMMAND-as02jin)",
    ],
    ["no urls", "1", {}, "12 a sign-in without urls is not emulated"],
  ])("rejects %s", async (_, idpId, content: JsonObject, error) => {
    expect(formatOutcome(await start(idpId, wire, content))).toBe(error);
  });
});

test("the start of a sign-in needs a token, but no role", async () => {
  const seed = { serviceUsers: [{ name: "nobody", organization: "ZITADEL", token: "no-roles" }] };
  await using other = createEmulator({ seed });
  const send = async (headers: Record<string, string>): Promise<unknown> => {
    const response = await other.fetch(`${other.url}/v2/idp_intents`, {
      method: "POST",
      headers,
      body: JSON.stringify({ idpId: "1", urls }),
    });
    return ((await response.json()) as JsonObject)["message"];
  };
  expect(await send({})).toBe("auth header missing");
  expect(await send({ authorization: "Bearer no-roles" })).toContain("COMMAND-as02jin");
});

test.each([
  ["admin", "COMMAND-xw921211"],
  ["management", "COMMAND-xw921111"],
] as const)("%s: a removed provider fails with its own error", async (level, id) => {
  const isOrganization = level === "management";
  const [provider, legacy, half] = await Promise.all([
    addOidc(level),
    add(level, isOrganization ? "AddOrgOIDCIDP" : "AddOIDCIDP", {
      name: "removed",
      issuer: upstream.origin,
    }),
    add(level, isOrganization ? "AddOrgOIDCIDP" : "AddOIDCIDP", {
      name: "half",
      issuer: upstream.origin,
    }),
  ]);
  await call(level, "DeleteProvider", { id: provider });
  await call(level, isOrganization ? "RemoveOrgIDP" : "RemoveIDP", { idpId: legacy });
  await call(level, "DeleteProvider", { id: half });
  for (const each of [provider, legacy, half]) {
    expect(formatOutcome(await start(each))).toBe(
      `13 Identity Provider Configuration doesn't exist (${id})`,
    );
  }
});

describe("the authorization request", () => {
  const tenant = (value: JsonObject): JsonObject => ({ tenant: value });
  const microsoft = "https://login.microsoftonline.com";
  test.each([
    ["AddGitHubProvider", {}, "https://github.com/login/oauth/authorize", null],
    [
      "AddGitHubProvider",
      { scopes: ["read:user"] },
      "https://github.com/login/oauth/authorize",
      "read:user",
    ],
    [
      "AddAzureADProvider",
      {},
      `${microsoft}/common/oauth2/v2.0/authorize`,
      "openid profile email phone User.Read",
    ],
    [
      "AddAzureADProvider",
      { scopes: ["email"], ...tenant({ tenantType: "AZURE_AD_TENANT_TYPE_ORGANISATIONS" }) },
      `${microsoft}/organizations/oauth2/v2.0/authorize`,
      "email openid User.Read",
    ],
    [
      "AddAzureADProvider",
      tenant({ tenantId: "t-1" }),
      `${microsoft}/t-1/oauth2/v2.0/authorize`,
      "openid profile email phone User.Read",
    ],
  ])("of %s with %j goes to %s", async (rpc, request: JsonObject, endpoint, scope) => {
    const url = await startUrl(await add("management", rpc, request));
    expect(url.origin + url.pathname).toBe(endpoint);
    expect(url.searchParams.get("scope")).toBe(scope);
    expect(url.searchParams.get("prompt")).toBe("select_account");
  });

  test("has openid among the scopes, whatever scopes the provider has", async () => {
    const { searchParams } = await startUrl(await addOidc("admin", { scopes: ["email"] }));
    expect(searchParams.get("scope")).toBe("email openid");
  });

  test("keeps the query of the endpoint", async () => {
    const id = await add("management", "AddGenericOAuthProvider", {
      authorizationEndpoint: `${upstream.origin}/authorize?brand=a`,
      tokenEndpoint: `${upstream.origin}/token`,
      userEndpoint: `${upstream.origin}/user`,
      idAttribute: "id",
    });
    expect((await startUrl(id)).searchParams.get("brand")).toBe("a");
  });

  test.each([
    [
      "AddJWTProvider",
      "JWT",
      { issuer: "i", jwtEndpoint: "e", keysEndpoint: "k", headerName: "h" },
    ],
    [
      "AddSAMLProvider",
      "SAML",
      {
        metadataXml: Buffer.from(
          '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="a"><IDPSSODescriptor/></EntityDescriptor>',
        ).toString("base64"),
      },
    ],
    [
      "AddLDAPProvider",
      "LDAP",
      {
        servers: ["ldap://a"],
        baseDn: "b",
        bindDn: "c",
        bindPassword: "d",
        userBase: "e",
        userObjectClasses: ["f"],
        userFilters: ["g"],
      },
    ],
  ])("of %s is not emulated", async (rpc, type, request: JsonObject) => {
    const { id } = await call("management", rpc, { name: "n", ...request });
    expect(formatOutcome(await start(String(id)))).toBe(
      `12 a sign-in with a provider of the type ${type} is not emulated`,
    );
  });
});

describe("discovery", () => {
  test.each([
    ["another issuer", (origin: string) => `${origin}/`, "2 issuer does not match ()"],
    [
      "no document",
      (origin: string) => `${origin}/none`,
      "2 OpenID Provider Configuration Discovery has failed\nhttp status not ok: 404 Not Found {} ()",
    ],
  ])("fails with %s", async (_, issuerOf, error) => {
    const id = await addOidc("management", { issuer: issuerOf(upstream.origin) });
    expect(formatOutcome(await start(id))).toBe(error);
  });

  test("does not reach private addresses unless the seed allows them", async () => {
    await using other = createEmulator();
    const headers = { authorization: `Bearer ${other.token}` };
    const send = async (path: string, body: JsonObject): Promise<JsonObject> => {
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      return (await (await other.fetch(other.url + path, init)).json()) as JsonObject;
    };
    const provider = { name: "n", issuer: upstream.origin, clientId: "c", clientSecret: "s" };
    const { id } = await send("/management/v1/idps/generic_oidc", provider);
    const { code, message } = await send("/v2/idp_intents", { idpId: String(id), urls });
    expect(code).toBe(2);
    expect(message).toContain("set instance.allowPrivateUrls in the seed");
  });
});

describe("the callback", () => {
  test.each([
    ["no state", {}, "ID=IDP-Hk38e Message=Errors.Intent.StateMissing\n"],
    ["an unknown state", { state: "1" }, "ID=IDP-gy3ctgkqe7 Message=Errors.Intent.NotStarted\n"],
  ])("rejects %s", async (_, parameters: Record<string, string>, text) => {
    const response = await comeBack(parameters);
    expect([response.status, await response.text()]).toEqual([400, text]);
  });

  const failure = (state: string, error: string, description = ""): string => {
    const query = new URLSearchParams({
      error,
      error_description: description,
      id: state,
      tab: "1",
    });
    return `https://app.example/failure?${query}#top`;
  };

  test("redirects to the page for failures with the provider's error, and only once", async () => {
    const state = (await startUrl(await addOidc())).searchParams.get("state") ?? "";
    const denied = { state, error: "access_denied", error_description: "no" };
    const first = await comeBack(denied);
    expect(first.status).toBe(302);
    expect(first.headers.get("location")).toBe(failure(state, "access_denied", "no"));
    const second = await comeBack({ state, code: "c" });
    expect(second.headers.get("location")).toBe(
      failure(state, "IDP-Sfrgs", "Errors.Intent.NotStarted"),
    );
    expect(upstream.tokenRequests).toEqual([]);
  });

  test.each([
    ["without a code", {}, "no auth code provided"],
    ["after a rejected code", { code: "c" }, 'oauth2: "invalid_grant"'],
  ])(
    "redirects to the page for failures %s",
    async (_, parameters: Record<string, string>, error) => {
      const state = (await startUrl(await addOidc())).searchParams.get("state") ?? "";
      const response = await comeBack({ state, ...parameters });
      expect(response.headers.get("location")).toBe(failure(state, error));
    },
  );

  test("redirects to the page for failures if the provider was deleted", async () => {
    const id = await addOidc();
    const state = (await startUrl(id)).searchParams.get("state") ?? "";
    await call("management", "DeleteProvider", { id });
    const location = (await comeBack({ state, code: "c" })).headers.get("location");
    expect(new URL(location ?? "").searchParams.get("error")).toBe("COMMAND-xw921111");
  });

  test("ends after the exchange, in which the credentials are in the header first and then in the form", async () => {
    const state = (await startUrl(await addOidc())).searchParams.get("state") ?? "";
    upstream.answer = ({ via }) =>
      via === "form"
        ? { status: 200, body: { access_token: "t", token_type: "Bearer" } }
        : { status: 401, body: {} };
    const response = await comeBack({ state, code: "the code" });
    expect([response.status, await response.text()]).toEqual([
      501,
      "the emulator ends a sign-in after the code exchange\n",
    ]);
    expect(upstream.tokenRequests.map(({ via, secret }) => [via, secret])).toEqual([
      ["header", "first"],
      ["form", "first"],
    ]);
    expect(Object.fromEntries(upstream.tokenRequests[1]?.form ?? [])).toEqual({
      client_id: "client",
      client_secret: "first",
      code: "the code",
      grant_type: "authorization_code",
      redirect_uri: `${listener.url}/idps/callback`,
    });
  });

  test("sends no second request if the provider accepts the header", async () => {
    upstream.answer = () => ({ status: 200, body: { access_token: "t" } });
    const { via } = (await signIn(await addOidc("management", { clientSecret: "a:b +ü" }))) ?? {};
    expect([via, upstream.tokenRequests.length, upstream.tokenRequests[0]?.secret]).toEqual([
      "header",
      1,
      "a:b +ü",
    ]);
  });
});

describe("the secret of a sign-in", () => {
  test("is the one that the provider has when the browser comes back", async () => {
    const id = await addOidc("admin");
    const state = (await startUrl(id)).searchParams.get("state") ?? "";
    const request = { id, name: "n", issuer: upstream.origin, clientId: "other" };
    await call("admin", "UpdateGenericOIDCProvider", { ...request, clientSecret: "second" });
    await comeBack({ state, code: "c" });
    expect(upstream.tokenRequests.at(-1)).toMatchObject({ clientId: "other", secret: "second" });
  });

  test("is that of the latest update of a legacy IDP, through either API", async () => {
    const idpId = await add("management", "AddOrgOIDCIDP", { issuer: upstream.origin });
    expect(await signIn(idpId)).toMatchObject({ clientId: "client", secret: "first" });
    const request = { issuer: upstream.origin, clientId: "c2" };
    await call("management", "UpdateOrgIDPOIDCConfig", { idpId, ...request, clientSecret: "2" });
    expect(await signIn(idpId)).toMatchObject({ clientId: "c2", secret: "2" });
    const update = { id: idpId, name: "n", issuer: upstream.origin, clientId: "c3" };
    await call("management", "UpdateGenericOIDCProvider", { ...update, clientSecret: "3" });
    expect(await signIn(idpId)).toMatchObject({ clientId: "c3", secret: "3" });
    // The legacy API remembers "c2", and so changes nothing but the secret.
    await call("management", "UpdateOrgIDPOIDCConfig", { idpId, ...request, clientSecret: "4" });
    expect(await signIn(idpId)).toMatchObject({ clientId: "c3", secret: "4" });
  });

  test("is not in the log of the emulator", async () => {
    await signIn(await addOidc("management", { clientSecret: "hush-hush" }));
    expect(JSON.stringify(emulator.log)).not.toContain("hush-hush");
  });
});

test("a migrated provider has the settings of its new type", async () => {
  const id = await addOidc();
  await call("management", "MigrateGenericOIDCProvider", {
    id,
    azure: { name: "a", clientId: "entra", clientSecret: "s", tenant: { tenantId: "t" } },
  });
  const url = await startUrl(id);
  expect(url.href).toContain(
    "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=entra&",
  );
});

describe("the headers of the v2 service", () => {
  const service = `/${UserService.typeName}/StartIdentityProviderIntent`;
  // {idp_id: "1", urls: {success_url: "x", failure_url: "x"}}
  const message = Buffer.from([0x0a, 1, 0x31, 0x12, 6, 0x0a, 1, 0x78, 0x12, 1, 0x78]);
  const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);

  test.each([
    [
      "json",
      1,
      "/v2/idp_intents",
      "application/json",
      Buffer.from(JSON.stringify({ idpId: "1", urls })),
      [
        "content-length",
        "content-type",
        "date",
        "grpcgateway-content-type",
        "grpcgateway-date",
        "vary",
        "x-request-id",
        "x-robots-tag",
      ],
      [],
    ],
    [
      "grpc",
      2,
      service,
      "application/grpc",
      framed,
      ["content-type", "date", "grpc-accept-encoding", "vary", "x-robots-tag"],
      ["grpc-message", "grpc-status", "grpc-status-details-bin", "x-request-id"],
    ],
    [
      "grpc-web",
      1,
      service,
      "application/grpc-web+proto",
      framed,
      [
        "content-type",
        "date",
        "grpc-accept-encoding",
        "grpc-message",
        "grpc-status",
        "grpc-status-details-bin",
        "transfer-encoding",
        "vary",
        "x-request-id",
        "x-robots-tag",
      ],
      [],
    ],
  ] as const)(
    "over %s are those of the recorded errors",
    async (_, version, path, type, body, names, trailers) => {
      const response = await sendRaw(listener.port, {
        version,
        method: "POST",
        path,
        headers: {
          "content-type": type,
          authorization: `Bearer ${emulator.token}`,
          "accept-language": "de",
        },
        body,
      });
      const ignored = ["connection", "keep-alive", ":status"];
      const namesOf = (all: object): string[] =>
        Object.keys(all)
          .filter((name) => !ignored.includes(name))
          .toSorted();
      expect(namesOf(response.headers)).toEqual(names);
      expect(namesOf(response.trailers)).toEqual(trailers);
      const text = String(
        response.headers["grpc-message"] ?? response.trailers["grpc-message"] ?? response.body,
      );
      expect(decodeURIComponent(text)).toContain("Identity Provider Configuration doesn't exist");
    },
  );
});
