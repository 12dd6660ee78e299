import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import {
  parseJsonBody,
  jwtBearer,
  keyId,
  keyPair,
  nowSeconds,
  useOAuth,
} from "../support/use-oauth.js";

const { jwtForm, post, validClaims, signAssertion } = await useOAuth();

describe("an assertion is rejected", () => {
  const rejection = [400, { error: "invalid_grant", error_description: "invalid assertion" }];
  test.each<[string, () => string | Promise<string>]>([
    ["with iat thirty seconds in the future", () => signAssertion({ iat: nowSeconds() + 30 })],
    ["with iat an hour and some seconds ago", () => signAssertion({ iat: nowSeconds() - 3605 })],
    ["with exp now", () => signAssertion({ exp: nowSeconds() })],
    ["with a time as text", () => signAssertion({ iat: String(nowSeconds()) })],
    ["with fractions of a second", () => signAssertion({ exp: nowSeconds() + 60.5 })],
    ["without iss", () => signAssertion({ iss: undefined })],
    ["without a signature", () => new UnsecuredJWT(validClaims()).encode()],
    [
      "with the public key as a shared secret",
      () =>
        new SignJWT(validClaims())
          .setProtectedHeader({ alg: "HS256", kid: keyId })
          .sign(new TextEncoder().encode(keyPair.publicSpki)),
    ],
    [
      "with another algorithm for the same key",
      () =>
        new SignJWT(validClaims())
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
    expect([response.status, parseJsonBody(response)]).toEqual(rejection);
  });

  test("before the scope is checked", async () => {
    const errors = [
      await post({ grant_type: jwtBearer, assertion: "x" }),
      await post({ grant_type: "client_credentials", client_id: "ci bot", client_secret: "x" }),
    ];
    expect(errors.map((response) => parseJsonBody(response)["error_description"])).toEqual([
      "invalid assertion",
      "Errors.User.Machine.Secret.Invalid",
    ]);
  });
});
