import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { type RawResponse, sendRaw } from "../support/raw-http.js";
import {
  parseJsonBody,
  oauthOrgIds,
  oauthUserId,
  secretForm,
  readToken,
  useOAuth,
} from "../support/use-oauth.js";

const { issuer, jwtForm, port, post, signAssertion } = await useOAuth();

const resourceOwnerScope = "urn:zitadel:iam:user:resourceowner";
const resourceOwnerClaims = {
  [`${resourceOwnerScope}:id`]: oauthOrgIds.org,
  [`${resourceOwnerScope}:name`]: "org",
  [`${resourceOwnerScope}:primary_domain`]: "org.localhost",
};

describe("an id_token", () => {
  test.each<[string, string[] | undefined, (scope: string) => Promise<RawResponse>]>([
    ["by an assertion", undefined, (scope) => jwtForm(signAssertion(), scope)],
    ["by a client secret", ["pwd"], (scope) => post({ ...secretForm, scope })],
  ])("requested %s is signed with the published key", async (_, methodsOfUser, ask) => {
    const clientId = "ci bot";
    const { access_token: accessToken, id_token: idToken } = parseJsonBody(
      await ask(`openid profile ${resourceOwnerScope} urn:zitadel:iam:org:project:id:77:aud`),
    );
    const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/v2/keys`));
    const { payload, protectedHeader } = await jwtVerify(String(idToken), keys, {
      issuer,
      audience: clientId,
      subject: oauthUserId,
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
    const token = await readToken(post({ ...secretForm, scope }));
    const expected = { sub: oauthUserId, ...claims };
    const responses = [
      await ask({ authorization: `Bearer ${token}` }),
      await ask({}, `?access_token=${token}`),
    ];
    expect(responses.map(parseJsonBody)).toEqual([expected, expected]);
  });

  test("accepts a personal access token", async () => {
    expect(parseJsonBody(await ask({ authorization: "bearer pat" }))).toMatchObject({
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
      "a token of a deactivated user",
      { authorization: "Bearer deactivated-pat" },
      "access_denied",
      "access token invalid",
    ],
    [
      "a token of a removed organization",
      { authorization: "Bearer gone-pat" },
      "access_denied",
      "access token invalid",
    ],
  ])("rejects %s", async (_, headers, error, description) => {
    const response = await ask(headers);
    expect([response.status, parseJsonBody(response)]).toEqual([
      401,
      { error, error_description: description },
    ]);
  });
});
