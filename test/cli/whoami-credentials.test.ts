import { beforeAll, describe, expect, test } from "vitest";
import { callerKeys, useCallers } from "../support/use-callers.js";
import { plantedSecret } from "../support/use-cli.js";

const { at, emulator, listener, write, whoami } = await useCallers();

describe("whoami reports the credentials", () => {
  const day = 24 * 60 * 60 * 1000;
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = (claims: object): string => `${encode({ alg: "RS256" })}.${encode(claims)}.c2ln`;

  beforeAll(() => {
    const key = { type: "serviceaccount", keyId: "k", key: callerKeys.privatePkcs1, userId: "11" };
    write("key.json", JSON.stringify(key));
    write("wrong.json", JSON.stringify({ ...key, keyId: "other" }));
    write("token", "t-iam-owner\n");
    write("secret", `${plantedSecret}\n`);
    write("profiles.yaml", `profiles: { p: { url: "${listener.url}", tokenFile: token } }\n`);
  });

  test.each<[string, string[], Record<string, string>, object]>([
    [
      "a token file",
      ["--token-file", at("token")],
      {},
      { kind: "token", from: "flags", setting: "--token-file", token: { kind: "opaqueToken" } },
    ],
    [
      "a profile",
      ["--profiles", at("profiles.yaml"), "--profile", "p"],
      {},
      { kind: "token", from: "profile", setting: "tokenFile of profile p", profile: "p" },
    ],
    [
      "a service account key",
      ["--key-file", at("key.json")],
      {},
      {
        kind: "serviceAccountKey",
        from: "flags",
        setting: "--key-file",
        token: { kind: "opaqueAccessToken", expiresAt: expect.any(String) },
      },
    ],
    [
      "client credentials",
      [],
      { ZITADEL_CLIENT_ID: "iam-owner", ZITADEL_CLIENT_SECRET: plantedSecret },
      {
        kind: "clientCredentials",
        from: "environment",
        setting: "ZITADEL_CLIENT_SECRET",
        token: { kind: "opaqueAccessToken", expiresAt: expect.any(String) },
      },
    ],
  ])("%s", async (_, args, env, expected) => {
    const report = await whoami(args, undefined, { env });
    expect(report).toMatchObject({ isReady: true, credentials: expected });
    const { token } = report["credentials"] as { token: { expiresAt?: string } };
    if (token.expiresAt !== undefined) {
      const lifetimeMs = Date.parse(token.expiresAt) - Date.now();
      expect(lifetimeMs).toBeGreaterThan(0);
      expect(lifetimeMs).toBeLessThanOrEqual(day / 2);
    }
    const tokenRequests = emulator.log.filter(({ path }) => path === "/oauth/v2/token");
    expect(tokenRequests.length).toBeLessThanOrEqual(1);
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ["an unknown key", ["--key-file", at("wrong.json")], {}, "rejected the service account's key"],
    [
      "a wrong client secret",
      [],
      { ZITADEL_CLIENT_ID: "iam-owner", ZITADEL_CLIENT_SECRET: "wrong" },
      "rejected the client credentials",
    ],
  ])("%s, and tries the wire protocols without a token", async (_, args, env, message) => {
    const report = await whoami(args, undefined, { env });
    expect(report.missing).toMatchObject([
      { kind: "token", message: expect.stringContaining(message) },
    ]);
    expect(report.protocols.map(({ getsThrough }) => getsThrough)).toEqual([true, true, true]);
    expect(report["credentials"]).not.toHaveProperty("token");
    expect(report).toHaveProperty("clock");
  });

  test.each([
    [
      "an expired JWT",
      { iss: "ISSUER", sub: "11", exp: 1_700_000_000 },
      "jwtAccessToken",
      "2023-11-14T22:13:20.000Z",
    ],
    [
      "an assertion",
      { iss: "11", sub: "11", exp: 4_000_000_000 },
      "assertion",
      "2096-10-02T07:06:40.000Z",
    ],
  ])("%s", async (_, claims, kind, expiresAt) => {
    // prettier-ignore
    const token = jwt({ ...claims, iss: claims.iss.replace("ISSUER", listener.url) });
    const report = await whoami([], token);
    expect(report.missing).toMatchObject([{ kind: "token", error: { id: "AUTH-7fs1e" } }]);
    expect(report["credentials"]).toMatchObject({ token: { kind, expiresAt } });
  });
});
