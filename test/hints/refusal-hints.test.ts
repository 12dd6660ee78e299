import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  type Protocol,
  type ZitadelError,
} from "zitadel-idp";
import { createTokenSource } from "zitadel-idp/auth";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { failureOf } from "../support/failure.js";

const wires: Protocol[] = ["json", "grpc", "grpc-web"];

let emulator: Emulator;
let baseUrl: string;
beforeAll(async () => {
  const user = { organization: "Acme" };
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: "100", name: "Acme" },
        { id: "200", name: "Other" },
      ],
      serviceUsers: [
        { ...user, name: "nobody", token: "token-of-nobody" },
        {
          ...user,
          name: "viewer",
          token: "token-of-viewer",
          organizationRoles: { Acme: ["ORG_OWNER_VIEWER"] },
        },
        {
          ...user,
          name: "owner",
          token: "token-of-owner",
          organizationRoles: { Acme: ["ORG_OWNER"] },
        },
        {
          ...user,
          name: "users",
          token: "token-of-users",
          organizationRoles: { Acme: ["ORG_USER_MANAGER"] },
        },
      ],
    },
  });
  baseUrl = (await emulator.listen()).url;
});
afterAll(() => emulator.close());

type Call = (client: IdpClient) => Promise<unknown>;
const list: Call = (client) => client.management.listProviders({});
const add: Call = (client) =>
  client.management.addGoogleProvider({ clientId: "x", clientSecret: "y" });

async function failed(
  protocol: Protocol,
  options: Partial<IdpClientOptions>,
  call: Call = list,
): Promise<ZitadelError> {
  await using client = createIdpClient({ baseUrl, protocol, ...options });
  return await failureOf(call(client));
}

function jwt(claims: object): string {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

describe.each(wires)("over %s", (protocol) => {
  test.each<
    [what: string, who: string, call: Call, orgId: string | undefined, id: string, hint: RegExp]
  >([
    [
      "an Add of a viewer",
      "viewer",
      add,
      "100",
      "AUTH-5mWD2",
      /^AddGoogleProvider needs the permission org\.idp\.write: give the calling user ORG_OWNER or ORG_SETTINGS_MANAGER in the organization 100, or IAM_OWNER or IAM_ORG_MANAGER on the instance$/,
    ],
    [
      "a list of a user manager",
      "users",
      list,
      undefined,
      "AUTH-5mWD2",
      /^ListProviders needs the permission org\.idp\.read: give the calling user ORG_OWNER, ORG_OWNER_VIEWER or ORG_SETTINGS_MANAGER in the organization of the call, which is its own one unless orgId names another, or IAM_OWNER, /,
    ],
    [
      "a list of the instance by an organization owner",
      "owner",
      (client) => client.admin.listProviders({}),
      undefined,
      "AUTH-5mWD2",
      /^ListProviders needs the permission iam\.idp\.read, which roles in an organization do not grant: give the calling user IAM_OWNER, IAM_OWNER_VIEWER or IAM_LOGIN_CLIENT on the instance, or use the ManagementService/,
    ],
    [
      "an unlink of a viewer",
      "viewer",
      (client) =>
        client.management.removeHumanLinkedIDP({ userId: "1", idpId: "1", linkedUserId: "1" }),
      undefined,
      "AUTH-5mWD2",
      /needs the permission user\.write: give the calling user ORG_OWNER or ORG_USER_MANAGER/,
    ],
    [
      "a list without any role",
      "nobody",
      list,
      undefined,
      "AUTHZ-cdgFk",
      /^the calling user has no role in the organization of the call.*\. The code not_found refers to the role: no provider is missing; .*permission org\.idp\.read.*ORG_OWNER/,
    ],
    [
      "a list in an organization without a role",
      "owner",
      list,
      "200",
      "AUTHZ-cdgFk",
      /no role in the organization 200 and none on the instance\..*, or put the id of its organization into orgId$/,
    ],
    [
      "an instance read without any role",
      "nobody",
      (client) => client.admin.getLoginPolicy({}),
      undefined,
      "AUTHZ-cdgFk",
      /no role on the instance\. The code not_found refers to the role: no provider is missing; GetLoginPolicy needs the permission iam\.policy\.read/,
    ],
    [
      "a list in an unknown organization",
      "owner",
      list,
      "999",
      "AUTH-Bs7Ds",
      /^the instance has no organization with the id 999: orgId takes the id of an organization of this instance \(not a name/,
    ],
  ])("%s fails with a hint", async (_, who, call, orgId, id, hint) => {
    const error = await failed(protocol, { auth: `token-of-${who}`, orgId }, call);
    expect(error.id).toBe(id);
    expect(error.hint).toMatch(hint);
    expect(error.message).toContain(error.hint);
    // ZITADEL itself rejected the call.
    expect(error).toMatchObject({ reason: undefined, outcome: "not_done" });
    expect(error.message).not.toContain("token-of");
  });

  const now = Math.floor(Date.now() / 1000);
  const scope = /scope urn:zitadel:iam:org:project:id:zitadel:aud/;
  test.each<[what: string, token: () => string, hint: RegExp, other?: RegExp]>([
    [
      "a PAT",
      () => "dGhpcyBpcyBvcGFxdWU-_abc",
      /^the token looks like a personal access token, or another opaque one, which does not show when it expires: .*belongs to the instance at localhost:\d+/,
      scope,
    ],
    [
      "an expired JWT",
      () => jwt({ iss: baseUrl, sub: "1", exp: now - 3600 }),
      /^the token is a JWT that expired at \d{4}-\d\d-\d\dT[\d:.]+Z: get a new one; serviceAccount/,
    ],
    [
      "a JWT of another issuer",
      () => jwt({ iss: "https://staging.example/x?y", sub: "1", exp: now + 3600 }),
      /^the token is a JWT of https:\/\/staging\.example, and not of http:\/\/localhost:\d+: use a token of this instance/,
    ],
    [
      "a JWT that a client signed",
      () => jwt({ iss: "4711", sub: "4711", aud: [baseUrl], exp: now + 3600 }),
      /JWT that its user signed, which is not an access token: pass the key file to serviceAccount/,
    ],
    [
      "a JWT of the future",
      () => jwt({ iss: baseUrl, iat: now + 3600, exp: now + 7200 }),
      /JWT that is valid from .* on only: set the clock/,
    ],
    [
      "a good JWT",
      () => jwt({ iss: baseUrl, sub: "1", iat: now, exp: now + 3600 }),
      /JWT that has not expired \(it ends at .*Z\): check that it exists/,
      scope,
    ],
    [
      "a JWT without an end",
      () => jwt({ sub: "1" }),
      /JWT that does not show when it expires/,
      scope,
    ],
    ["a JWT with odd times", () => jwt({ exp: 1e300, iat: "x", nbf: -1 }), /does not show when it/],
    ["text with two dots", () => "a.b.c", /looks like a personal access token/],
    ["an encrypted JWT", () => `${jwt({})}.x.y`, /looks like a personal access token/],
  ])("the hint for %s that ZITADEL rejects names its kind", async (_, token, hint, other = /./) => {
    const given = token();
    for (const auth of [given, createTokenSource(() => given)]) {
      const error = await failed(protocol, { auth });
      expect(error.id).toBe("AUTH-7fs1e");
      expect(error.hint).toMatch(hint);
      expect(error.hint).toMatch(other);
      // No part of the token, whatever the form of the error.
      const shown = [error.message, error.stack, JSON.stringify(error), error.hint].join();
      for (const part of given.split(".").filter(({ length }) => length > 3)) {
        expect(shown).not.toContain(part);
      }
    }
  });

  test("a call without a token gets the advice to pass one", async () => {
    const error = await failed(protocol, {});
    expect(error.hint).toMatch(/^the call carried no token: pass one as auth/);
  });

  test("the hint for a malformed header of the caller explains it", async () => {
    const setHeader: IdpClientOptions["interceptors"] = [
      (next) => (request) => {
        request.header.set("authorization", "Basic secret-credential");
        return next(request);
      },
    ];
    const error = await failed(protocol, { interceptors: setHeader });
    expect(error.id).toBe("AUTH-toLo1");
    expect(error.hint).toMatch(/must consist of the word Bearer, a space, and the token/);
    expect(error.message).not.toContain("secret-credential");
  });

  test("a token in a header of the caller is not described", async () => {
    const error = await failed(protocol, {
      interceptors: [
        (next) => (request) => {
          request.header.set("authorization", "Bearer secret-credential");
          return next(request);
        },
      ],
    });
    expect(error.hint).toMatch(/^the token in the authorization header is unknown, expired/);
  });

  test("the hint describes the token of the last attempt", async () => {
    const tokens = [jwt({ exp: now - 1 }), "opaque-token"];
    const supplier = vi.fn(() => tokens.shift() ?? "opaque-token");
    const error = await failed(protocol, { auth: supplier });
    expect(supplier).toHaveBeenCalledTimes(2);
    expect(error.hint).toMatch(/^the token looks like a personal access token/);
  });
});
