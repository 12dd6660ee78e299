import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/index.js";
import type { DesiredProvider } from "../../src/providers/index.js";
import type { CodeFlowAnswer, CodeFlowHandler } from "./support/code-flow-server.js";
import { checksOf, listProblems, useCodeFlowFixture } from "./support/code-flow-fixture.js";
import { type SecureHosts, startSecureHosts } from "./support/secure-hosts.js";

const fixture = await useCodeFlowFixture();

const createKey = (namedCurve: string): string =>
  generateKeyPairSync("ec", { namedCurve })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();

const ownKey = createKey("P-256");
const healthy = {
  type: "apple",
  name: "Apple",
  clientId: "com.example.login",
  teamId: "TEAM123456",
  keyId: "KEY1234567",
  privateKey: ownKey,
} as const;

/** Starts Apple's server, which knows the healthy provider. */
async function startApple(
  handlers: Readonly<Record<string, CodeFlowAnswer>> = {},
): Promise<SecureHosts> {
  const handle: CodeFlowHandler = ({ url, form }) => {
    const { pathname, origin } = url;
    const own = handlers[pathname];
    if (own !== undefined) {
      return own;
    }
    if (pathname === "/.well-known/openid-configuration") {
      return {
        body: {
          issuer: origin,
          authorization_endpoint: `${origin}/auth/authorize`,
          token_endpoint: `${origin}/auth/token`,
        },
      };
    }
    if (pathname === "/auth/token") {
      const isKnown = isSignedByOwnKey(form.get("client_secret"));
      return { status: 400, body: { error: isKnown ? "invalid_grant" : "invalid_client" } };
    }
    const isKnown = url.searchParams.get("redirect_uri")?.startsWith(fixture.url) === true;
    return isKnown
      ? { body: "<h1>Sign in</h1>" }
      : { body: "<p>invalid_request Invalid web redirect url.</p>" };
  };
  secrets.length = 0;
  return await startSecureHosts({ "appleid.apple.com": handle });
}

/** The client secrets that Apple received. */
const secrets: string[] = [];

/** Returns true for a client secret whose header names the healthy key, and which the test verifies afterwards. */
function isSignedByOwnKey(secret: string | null): boolean {
  if (secret === null) {
    return false;
  }
  secrets.push(secret);
  return decodeProtectedHeader(secret).kid === healthy.keyId;
}

const appleFindings = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ check }) => check.startsWith("apple/"));

const diagnoseApple = async (
  fields: Partial<typeof healthy | DesiredProvider>,
  handlers?: Readonly<Record<string, CodeFlowAnswer>>,
): Promise<readonly Finding[]> => {
  await using apple = await startApple(handlers);
  const findings = await fixture.diagnose(
    { ...healthy, ...fields } as DesiredProvider,
    apple.options,
  );
  expect(JSON.stringify(findings)).not.toContain("PRIVATE KEY-----\\nM");
  return findings;
};

describe("a misconfigured Apple provider", () => {
  test.each<[string, Partial<DesiredProvider>, string, string, string]>([
    [
      "a key of another curve",
      { privateKey: createKey("P-384") },
      "apple/private-key",
      "privateKey",
      "secp384r1",
    ],
    [
      "a key of RSA",
      {
        privateKey: generateKeyPairSync("rsa", { modulusLength: 2048 })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      },
      "apple/private-key",
      "privateKey",
      "another kind such as RSA",
    ],
    [
      "a key without its last line",
      { privateKey: ownKey.split("\n").slice(0, -2).join("\n") },
      "apple/private-key",
      "privateKey",
      "cut off",
    ],
    [
      "a key in malformed base64",
      { privateKey: "base64:%%%" },
      "apple/private-key",
      "privateKey",
      "valid base64",
    ],
    ["a key id in lower case", { keyId: "key1234567" }, "apple/key-id", "keyId", "capital letters"],
    ["the team id as key id", { keyId: "TEAM123456" }, "apple/key-id", "keyId", "is the team id"],
    ["a malformed team id", { teamId: "team-12345" }, "apple/team-id", "teamId", "ten capital"],
    [
      "an App ID as client id",
      { clientId: "TEAM123456.com.example.app" },
      "apple/client-id",
      "clientId",
      "App IDs",
    ],
    ["a client id without a dot", { clientId: "login" }, "apple/client-id", "clientId", "no dot"],
    [
      "a key that Apple does not know",
      { keyId: "KEY7654321" },
      "apple/rejected",
      "privateKey",
      "invalid_client",
    ],
  ])("finds %s", async (_, fields, check, field, message) => {
    const findings = await diagnoseApple(fields);
    expect(appleFindings(findings)).toContainEqual(
      expect.objectContaining({
        severity: "broken",
        check,
        field,
        provider: { type: "apple", name: "Apple" },
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe("a healthy Apple provider", () => {
  test("reports at most notes for the client secret that ZITADEL makes", async () => {
    const findings = await diagnoseApple({});
    expect(listProblems(findings)).toEqual([]);
    expect(appleFindings(findings)).toEqual([expect.objectContaining({ check: "apple/accepted" })]);
    const { payload, protectedHeader } = await jwtVerify(secrets[0] ?? "", createPublicKey(ownKey));
    expect(protectedHeader).toEqual({ alg: "ES256", kid: healthy.keyId });
    expect(payload).toMatchObject({
      iss: healthy.teamId,
      sub: healthy.clientId,
      aud: "https://appleid.apple.com",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
  });

  test("reports at most notes for a key whose line breaks are written as \\n", async () => {
    expect(
      listProblems(await diagnoseApple({ privateKey: ownKey.replaceAll("\n", "\\n") })),
    ).toEqual([]);
  });

  test("reports at most notes if no file contains the key", async () => {
    const findings = await diagnoseApple({ privateKey: undefined });
    expect(listProblems(findings)).toEqual([]);
    expect(appleFindings(findings)).toEqual([
      expect.objectContaining({ severity: "note", check: "apple/unknown" }),
    ]);
  });
});

test("a busy server of Apple leaves the key unchecked", async () => {
  const findings = await diagnoseApple({}, { "/auth/token": { status: 503 } });
  expect(listProblems(findings)).toEqual([expect.stringContaining("unchecked apple/unchecked")]);
});

test("without probeSecrets, Apple receives no client secret", async () => {
  await using apple = await startApple();
  const findings = await fixture.diagnose(healthy, { ...apple.options, probeSecrets: false });
  expect(appleFindings(findings)).toEqual([]);
  expect(secrets).toEqual([]);
});

test("the tests report each check of the catalogue", () => {
  expect([...fixture.reported].filter((name) => name.startsWith("apple/")).toSorted()).toEqual(
    checksOf("apple").toSorted(),
  );
});
