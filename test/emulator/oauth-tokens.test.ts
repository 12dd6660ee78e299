import { createPrivateKey } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import type { RawResponse } from "../support/raw-http.js";
import { wireNames } from "../support/wires.js";
import {
  apiScope,
  createBasicHeader,
  keyPair,
  oauthOrgIds,
  oauthSecret,
  oauthSeed,
  secretForm,
  tokenInvalid,
  readToken,
  useOAuth,
} from "../support/use-oauth.js";

const { callWithToken, jwtForm, post, signAssertion } = await useOAuth();

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
          { authorization: createBasicHeader("ci bot", oauthSecret) },
        ),
    ],
  ])("got %s", async (_, ask) => {
    const [one, two] = [await readToken(ask()), await readToken(ask())];
    expect(one).not.toBe(two);
    expect([await callWithToken(wire, one), await callWithToken(wire, two)]).toEqual(["ok", "ok"]);
  });

  test("only with the API in its audience", async () => {
    expect(
      await callWithToken(wire, await readToken(jwtForm(signAssertion(), "openid profile"))),
    ).toBe(tokenInvalid);
  });

  test("users of an inactive organization have access with old and new tokens", async () => {
    const token = await readToken(post({ ...secretForm, client_id: "inactive-user" }));
    expect([await callWithToken(wire, "inactive-pat"), await callWithToken(wire, token)]).toEqual([
      "ok",
      "ok",
    ]);
  });

  test("the personal access token of a deactivated user is invalid", async () => {
    expect(await callWithToken(wire, "deactivated-pat")).toBe(tokenInvalid);
  });

  test("calls may name a removed organization, but the tokens of its users are invalid", async () => {
    const owner = await readToken(post(secretForm));
    expect([
      await callWithToken(wire, "gone-pat"),
      await callWithToken(wire, owner, { "x-zitadel-orgid": oauthOrgIds.gone }),
    ]).toEqual([tokenInvalid, "ok"]);
  });
});

describe("a token", () => {
  test("can be requested repeatedly with one assertion", async () => {
    const assertion = signAssertion();
    const tokens = [await readToken(jwtForm(assertion)), await readToken(jwtForm(assertion))];
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
    const token = await readToken(jwtForm(signAssertion()));
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + (12 * 3600 - 5) * 1000);
    expect(await callWithToken("json", token)).toBe("ok");
    vi.setSystemTime(Date.now() + 6000);
    expect(await callWithToken("json", token)).toBe(tokenInvalid);
    const fresh = await readToken(jwtForm(signAssertion()));
    expect([
      await callWithToken("json", fresh),
      await callWithToken("json", token),
      await callWithToken("json", "inactive-pat"),
    ]).toEqual(["ok", tokenInvalid, "ok"]);
  });

  test("is valid only on the emulator that issued it", async () => {
    const other = createEmulator({ seed: oauthSeed });
    const client = createIdpClient({
      baseUrl: other.url,
      auth: await readToken(post(secretForm)),
      fetch: other.fetch,
    });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
    });
  });
});
