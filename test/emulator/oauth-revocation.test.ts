import { describe, expect, test } from "vitest";
import type { RawResponse } from "../support/raw-http.js";
import {
  parseJsonBody,
  oauthSecret,
  secretForm,
  tokenInvalid,
  readToken,
  useOAuth,
} from "../support/use-oauth.js";

const { callWithToken, post } = await useOAuth();

/** Sends a form to an endpoint for tokens. */
const send = (path: string, form: Record<string, string>): Promise<RawResponse> =>
  post(form, {}, path);

const serviceUser = { client_id: "ci bot", client_secret: oauthSecret };

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
    expect([response.status, parseJsonBody(response)]).toEqual([
      400,
      { error, error_description: description },
    ]);
  });
});

describe("revocation", () => {
  const asServiceUser = { ...serviceUser, grant_type: "client_credentials" };

  test("ends a token of the client, and accepts an unknown token", async () => {
    const token = await readToken(post(secretForm));
    const response = await send("/oauth/v2/revoke", { ...asServiceUser, token });
    expect([response.status, response.body.length]).toEqual([200, 0]);
    expect(await callWithToken("json", token)).toBe(tokenInvalid);
    expect((await send("/oauth/v2/revoke", { ...asServiceUser, token })).status).toBe(200);
  });

  test("does not end a token of another client", async () => {
    const token = await readToken(post({ ...secretForm, client_id: "inactive-user" }));
    const response = await send("/oauth/v2/revoke", { ...asServiceUser, token });
    expect([response.status, parseJsonBody(response)]).toEqual([
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
    expect([response.status, parseJsonBody(response)]).toEqual([
      400,
      { error, error_description: description },
    ]);
  });
});
