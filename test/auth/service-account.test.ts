import { createPublicKey } from "node:crypto";
import { Code } from "@connectrpc/connect";
import { importPKCS8, jwtVerify } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readRsaPrivateKey } from "../../src/auth/rsa-private-key.js";
import { serviceAccount, type ServiceAccountKey } from "../../src/token-sources.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { discovery, discoveryPath, awaitOutcome, tokenPath } from "./token-server.js";

const keyPair = createKeyPair();
const pkcs8 = keyPair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const keyFile: ServiceAccountKey = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: keyPair.privatePkcs1,
  expirationDate: "2999-01-01T00:00:00Z",
  userId: "200000000000000001",
};
const url = "https://acme.test";
const signal = new AbortController().signal;

afterEach(() => {
  vi.useRealTimers();
});

/** A token endpoint with a clock of its own, which checks assertions like ZITADEL. */
function server({
  clockOffsetMs = 0,
  tells = true,
  discoveryDateMs,
}: {
  clockOffsetMs?: number;
  /** True if responses have a `Date` header. */
  tells?: boolean;
  /** The `Date` header of the discovery document, if it comes from a cache. */
  discoveryDateMs?: number;
} = {}): {
  fetch: typeof fetch;
  forms: URLSearchParams[];
  paths: string[];
} {
  const forms: URLSearchParams[] = [];
  const paths: string[] = [];
  const nowMs = (): number => Date.now() + clockOffsetMs;
  const date = (ms: number): Record<string, string> =>
    tells ? { date: new Date(ms).toUTCString() } : {};
  const answer = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { pathname } = new URL(input as string);
    paths.push(pathname);
    expect(init?.redirect).toBe("manual");
    if (pathname === discoveryPath) {
      return Response.json(discovery(url).body, { headers: date(discoveryDateMs ?? nowMs()) });
    }
    const form = new URLSearchParams(init?.body as URLSearchParams);
    forms.push(form);
    const good = await jwtVerify(form.get("assertion") ?? "", createPublicKey(keyPair.publicSpki), {
      audience: url,
      currentDate: new Date(nowMs() + 1000),
    }).then(
      ({ payload: { iat = Number.NaN } }) =>
        iat * 1000 <= nowMs() && iat * 1000 > nowMs() - 3_600_000,
      () => false,
    );
    return good
      ? Response.json(
          { access_token: `t${forms.length}`, token_type: "Bearer", expires_in: 43199 },
          { headers: date(nowMs()) },
        )
      : Response.json(
          { error: "invalid_grant", error_description: "invalid assertion" },
          { status: 400, headers: date(nowMs()) },
        );
  };
  return { fetch: answer, forms, paths };
}

describe("the key file", () => {
  test.each<[string, string | ServiceAccountKey]>([
    ["as an object", keyFile],
    ["as its text", JSON.stringify(keyFile)],
    ["with a PKCS#8 key", { ...keyFile, key: pkcs8 }],
    ["with line breaks of Windows", { ...keyFile, key: keyFile.key.replaceAll("\n", "\r\n") }],
    ["without an end", { ...keyFile, expirationDate: undefined }],
  ])("is accepted %s", async (_, file) => {
    const { fetch } = server();
    expect(await serviceAccount(file).token({ baseUrl: url, fetch, signal })).toBe("t1");
  });

  const { privatePkcs1: body } = keyPair;
  const hidden = body.split("\n")[3] ?? "";
  test.each<[string, unknown, string]>([
    ["of an application", { ...keyFile, type: "application" }, "belongs to an application"],
    ["of another type", { ...keyFile, type: "other" }, 'must have the type "serviceaccount"'],
    ["without its key", { ...keyFile, key: undefined }, "lacks key"],
    ["without a key id", { ...keyFile, keyId: "" }, "lacks keyId"],
    ["without a user", { ...keyFile, userId: 1 }, "lacks userId"],
    ["with a public key", { ...keyFile, key: keyPair.publicSpki }, "RSA private key in PEM"],
    ["with an encrypted key", { ...keyFile, key: encrypted() }, "not encrypted"],
    ["with half a key", { ...keyFile, key: body.slice(0, 500) }, "RSA private key in PEM"],
    [
      "with a key that is not base64",
      { ...keyFile, key: body.replace("A", "=") },
      "RSA private key",
    ],
    ["with a senseless end", { ...keyFile, expirationDate: "soon" }, "expirationDate"],
    ["that is a path", "/etc/key.json", "not its path"],
    ["that is cut off", JSON.stringify(keyFile).slice(0, 300), "is incomplete JSON"],
    ["that is a list", "[]", "must be the JSON object"],
    [
      "that is undefined",
      undefined,
      "is undefined; check the environment variable that it comes from",
    ],
  ])("%s is rejected", (_, file, text) => {
    const create = (): unknown => serviceAccount(file as ServiceAccountKey);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(text);
    expect(create).not.toThrow(hidden);
  });

  test.each<[string, string, string]>([
    ["damaged inside", body.replace(body.split("\n")[1] ?? "", "A".repeat(64)), "that can be read"],
    ["too short for RS256", createKeyPair(1024).privatePkcs1, "2048 bits"],
  ])("with a key %s fails calls", async (_, key, text) => {
    const { fetch } = server();
    const error = await awaitOutcome(
      serviceAccount({ ...keyFile, key }).token({ baseUrl: url, fetch, signal }),
    );
    expect(error).toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining(text) as string,
    });
    expect(String(error)).not.toContain(hidden);
  });

  function encrypted(): string {
    return keyPair.privateKey
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
      .toString();
  }
});

test.each([1024, 2048])("a PKCS#1 key of %i bits becomes the same PKCS#8 key", async (bits) => {
  const { privateKey, privatePkcs1 } = createKeyPair(bits);
  const expected = privateKey.export({ type: "pkcs8", format: "der" });
  const der = readRsaPrivateKey(privatePkcs1) ?? new Uint8Array();
  expect(Buffer.from(der).equals(expected)).toBe(true);
  const pem = `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PRIVATE KEY-----`;
  expect((await importPKCS8(pem, "RS256")).type).toBe("private");
});

describe("the request", () => {
  test("contains an assertion for the issuer, and the scope of ZITADEL's own APIs", async () => {
    const { fetch, forms } = server();
    await serviceAccount(keyFile).token({ baseUrl: `${url}:443/some/path`, fetch, signal });
    const [form] = forms;
    expect(Object.fromEntries(form ?? [])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: expect.any(String) as string,
      scope: "urn:zitadel:iam:org:project:id:zitadel:aud",
    });
    const key = createPublicKey(keyPair.publicSpki);
    const { payload, protectedHeader } = await jwtVerify(form?.get("assertion") ?? "", key);
    expect(protectedHeader).toEqual({ alg: "RS256", kid: keyFile.keyId });
    const { iat = 0, exp = 0, ...claims } = payload;
    expect(claims).toEqual({ iss: keyFile.userId, sub: keyFile.userId, aud: url });
    expect(exp - iat).toBe(600);
    expect(Math.abs(Date.now() / 1000 - 30 - iat)).toBeLessThan(5);
  });

  test("has the requested scopes, each once", async () => {
    const { fetch, forms } = server();
    const scopes = ["urn:zitadel:iam:org:id:1", "openid", "urn:zitadel:iam:org:id:1"];
    await serviceAccount(keyFile, { scopes }).token({ baseUrl: url, fetch, signal });
    expect(forms[0]?.get("scope")).toBe(
      "urn:zitadel:iam:org:project:id:zitadel:aud urn:zitadel:iam:org:id:1 openid",
    );
  });

  test("reads discovery once, and again after the token endpoint was not found", async () => {
    const { fetch, paths } = server();
    const source = serviceAccount(keyFile);
    const gone: typeof fetch = (input, init) =>
      (input as string).endsWith(tokenPath)
        ? Promise.resolve(new Response("", { status: 404 }))
        : fetch(input, init);
    await source.token({ baseUrl: url, fetch, signal });
    await source.token({ baseUrl: url, fetch, signal, refused: "t1" });
    expect(paths).toEqual([discoveryPath, tokenPath, tokenPath]);
    await awaitOutcome(source.token({ baseUrl: url, fetch: gone, signal, refused: "t2" }));
    await source.token({ baseUrl: url, fetch, signal });
    expect(paths.slice(3)).toEqual([discoveryPath, tokenPath]);
  });
});

describe("a clock that differs from the server's", () => {
  const hour = 3_600_000;
  test.each([-24 * hour, -2 * hour, -60_000, -5000, 0, 5000, 60_000, 2 * hour, 24 * hour])(
    "by %i ms is corrected with the time of the discovery response",
    async (clockOffsetMs) => {
      const { fetch, forms } = server({ clockOffsetMs });
      expect(await serviceAccount(keyFile).token({ baseUrl: url, fetch, signal })).toBe("t1");
      expect(forms.length).toBe(1);
    },
  );

  test("is learned from the rejection if discovery had no Date or came from a cache", async () => {
    for (const options of [
      { tokenEndpoint: url + tokenPath, discoveryDateMs: undefined },
      { discoveryDateMs: Date.now() - 24 * hour },
    ]) {
      const { discoveryDateMs, ...rest } = options;
      const { fetch, forms } = server({
        clockOffsetMs: 2 * hour,
        ...(discoveryDateMs !== undefined && { discoveryDateMs }),
      });
      const source = serviceAccount(keyFile, { issuer: url, ...rest });
      expect(await source.token({ baseUrl: url, fetch, signal })).toBe("t2");
      expect(forms.length).toBe(2);
    }
  });

  test("is computed again after this machine's clock is set", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const wrong = Date.now();
    const own = server({ clockOffsetMs: 2 * hour });
    const source = serviceAccount(keyFile);
    expect(await source.token({ baseUrl: url, fetch: own.fetch, signal })).toBe("t1");
    // Now equal to the server's time: the learned difference is wrong.
    vi.setSystemTime(wrong + 2 * hour);
    const right = server();
    expect(await source.token({ baseUrl: url, fetch: right.fetch, signal, refused: "t1" })).toBe(
      "t2",
    );
    expect(right.forms.length).toBe(2);
  });

  test("causes no repeated requests if no response shows it", async () => {
    const { fetch, forms } = server({ clockOffsetMs: 2 * hour, tells: false });
    const error = await awaitOutcome(
      serviceAccount(keyFile).token({ baseUrl: url, fetch, signal }),
    );
    expect(error).toMatchObject({ code: Code.Unauthenticated });
    expect(forms.length).toBe(1);
  });

  test("that changes with each response fails the call after the second response", async () => {
    let count = 0;
    const fetch = ((input: string) => {
      const headers = { date: new Date(Date.now() + ++count * hour).toUTCString() };
      const refused = { error: "invalid_grant", error_description: "invalid assertion" };
      return Promise.resolve(
        input.endsWith(discoveryPath)
          ? Response.json(discovery(url).body, { headers })
          : Response.json(refused, { status: 400, headers }),
      );
    }) as typeof globalThis.fetch;
    const error = await awaitOutcome(
      serviceAccount(keyFile).token({ baseUrl: url, fetch, signal }),
    );
    expect(error).toMatchObject({ code: Code.Unauthenticated });
    expect(count).toBe(3);
  });

  test("does not change the expiry of a token, which counts from the local time of the request", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { fetch, forms } = server({ clockOffsetMs: 2 * hour });
    const slow: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      vi.setSystemTime(Date.now() + 10_000);
      return answer;
    };
    // Discovery takes time too, and is finished when the token is requested.
    const askedMs = Date.now() + 10_000;
    const source = serviceAccount(keyFile, { random: () => 0 });
    await source.token({ baseUrl: url, fetch: slow, signal });
    const replacedMs = askedMs + 43_199_000 - 300_000;
    vi.setSystemTime(replacedMs - 1);
    expect(await source.token({ baseUrl: url, fetch, signal })).toBe("t1");
    await new Promise((resolve) => setImmediate(resolve));
    expect(forms.length).toBe(1);
    vi.setSystemTime(replacedMs);
    expect(await source.token({ baseUrl: url, fetch, signal })).toBe("t1");
    await vi.waitFor(() => expect(forms.length).toBe(2));
  });
});

describe("a rejection names its likely cause", () => {
  const refuse = (body: object, headers: Record<string, string> = {}): typeof fetch =>
    ((input: string) =>
      Promise.resolve(
        input.endsWith(discoveryPath)
          ? Response.json(discovery(url).body, { headers })
          : Response.json(body, { status: 400, headers }),
      )) as typeof fetch;
  const grant = { error: "invalid_grant", error_description: "invalid assertion" };
  const late = { date: new Date(Date.now() + 100_000_000).toUTCString() };

  test.each<[string, Partial<ServiceAccountKey>, object, Record<string, string>, RegExp]>([
    [
      "the key",
      {},
      grant,
      {},
      /key: invalid_grant: invalid assertion; check that the user 200000000000000001 still has the key 300000000000000001, and that https:\/\/acme\.test is the instance of this user$/,
    ],
    [
      "the end of the key",
      { expirationDate: "2020-02-03T04:05:06Z" },
      grant,
      {},
      /; the key expired on 2020-02-03T04:05:06\.000Z; create a new one$/,
    ],
    [
      "the clock",
      {},
      grant,
      late,
      /; this machine's clock is (99\d\d\d|100000) s behind the server's, which was corrected$/,
    ],
    [
      "the user",
      {},
      { error: "invalid_request", error_description: "Errors.User.NotActive" },
      {},
      /; the user 200000000000000001 is deactivated$/,
    ],
    ["nothing known", {}, { error: "invalid_scope" }, {}, /key: invalid_scope$/],
  ])("%s", async (_, change, body, headers, text) => {
    const source = serviceAccount({ ...keyFile, ...change });
    const error = await awaitOutcome(
      source.token({ baseUrl: url, fetch: refuse(body, headers), signal }),
    );
    expect(error).toMatchObject({
      code: Code.Unauthenticated,
      rawMessage: expect.stringMatching(text) as string,
    });
  });
});
