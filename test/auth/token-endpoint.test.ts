import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import {
  clientCredentials,
  serviceAccount,
  type TokenEndpointOptions,
  type TokenSource,
} from "../../src/token-sources.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import { createKeyPair } from "../support/rsa-keys.js";
import {
  type StubResponse,
  discovery,
  discoveryPath,
  awaitOutcome,
  recordedResponse,
  recordedSteps,
  startTokenServer,
  tokenPath,
} from "./token-server.js";

const { privatePkcs1 } = createKeyPair();
const keyFile = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: privatePkcs1,
  expirationDate: "2999-01-01T00:00:00Z",
  userId: "200000000000000001",
} as const;
const clientSecret = "s3cret-of-the-client";

const sources: Record<string, (options?: TokenEndpointOptions) => TokenSource> = {
  "a service account": (options) => serviceAccount(keyFile, options),
  "client credentials": (options) =>
    clientCredentials({ clientId: "ci bot", clientSecret, ...options }),
};

const signal = new AbortController().signal;

describe.each(Object.entries(sources))(
  "the result of %s for the recorded response",
  (kind, create) => {
    const answers = recordedSteps.filter(
      ({ path, response }) => path === tokenPath && response.body !== undefined,
    );

    test.each(answers.filter(({ response }) => response.status === 200))("$name", async (step) => {
      await using server = await startTokenServer(({ path }, url) =>
        path === tokenPath ? { ...recordedResponse(step, url) } : undefined,
      );
      const token = String(step.response.body?.["access_token"]);
      const source = create();
      const tokens = [
        await source.token({ baseUrl: server.url, signal }),
        await source.token({ baseUrl: server.url, signal }),
      ];
      expect(tokens).toEqual([token, token]);
      // The second token came from the cache, because its expiry was known.
      expect(server.requests.map(({ path }) => path)).toEqual([discoveryPath, tokenPath]);
    });

    test.each(answers.filter(({ response }) => response.status !== 200))("$name", async (step) => {
      await using server = await startTokenServer(({ path }, url) =>
        path === tokenPath ? recordedResponse(step, url) : undefined,
      );
      const error = await awaitOutcome(create().token({ baseUrl: server.url, signal }));
      const { error: code, error_description: description } = step.response.body ?? {};
      const who = kind === "a service account" ? "service account's key" : "client credentials";
      expect(error).toMatchObject({
        code: Code.Unauthenticated,
        rawMessage: expect.stringContaining(
          `the token endpoint rejected the ${who}: ${String(code)}: ${String(description)}`,
        ) as string,
      });
      expectClean(error, server.requests);
    });
  },
);

describe.each(Object.entries(sources))("%s fails with", (_, create) => {
  const html: StubResponse = { body: "<!doctype html><title>Console</title>" };
  const at =
    (wanted: string, answer: StubResponse) =>
    ({ path }: { path: string }): StubResponse | undefined =>
      path === wanted ? answer : undefined;

  test.each<[string, string, StubResponse, Code, string]>([
    [
      "no instance there",
      discoveryPath,
      { ...html, status: 404 },
      Code.FailedPrecondition,
      "HTTP 404 (text/html)",
    ],
    [
      "a page in place of discovery",
      discoveryPath,
      html,
      Code.FailedPrecondition,
      "is http://127.0.0.1",
    ],
    [
      "JSON that is not a discovery document",
      discoveryPath,
      { body: {} },
      Code.FailedPrecondition,
      "the instance's own address?",
    ],
    [
      "another issuer",
      discoveryPath,
      discovery("https://other.test"),
      Code.FailedPrecondition,
      "calls itself https://other.test;",
    ],
    [
      "an issuer that is no URL",
      discoveryPath,
      { body: { issuer: "?" } },
      Code.FailedPrecondition,
      "calls itself ?;",
    ],
    [
      "a redirect of discovery",
      discoveryPath,
      { status: 302, headers: { location: "/elsewhere" } },
      Code.FailedPrecondition,
      "redirect, which is not followed",
    ],
    ["discovery overloaded", discoveryPath, { ...html, status: 503 }, Code.Unavailable, "HTTP 503"],
    [
      "a redirect of the token endpoint",
      tokenPath,
      { status: 307, headers: { location: "/elsewhere" } },
      Code.FailedPrecondition,
      "redirect, which is not followed",
    ],
    [
      "no token endpoint there",
      tokenPath,
      { ...html, status: 404 },
      Code.FailedPrecondition,
      "HTTP 404 (text/html)",
    ],
    [
      "a page in place of the token",
      tokenPath,
      html,
      Code.FailedPrecondition,
      "HTTP 200 (text/html)",
    ],
    [
      "a refusal that is not OAuth's",
      tokenPath,
      { status: 403, body: { message: "WAF" } },
      Code.FailedPrecondition,
      "HTTP 403",
    ],
    [
      "a refusal with a challenge",
      tokenPath,
      {
        status: 401,
        headers: { "www-authenticate": 'Basic realm="x"' },
        body: { error: "invalid_client" },
      },
      Code.Unauthenticated,
      "invalid_client",
    ],
    [
      "a proxy that cannot connect to the server",
      tokenPath,
      { ...html, status: 502 },
      Code.Unavailable,
      "HTTP 502",
    ],
    [
      "an error of the server in OAuth's form",
      tokenPath,
      { status: 500, body: { error: "server_error" } },
      Code.Unavailable,
      "HTTP 500",
    ],
    [
      "a text that is not a token",
      tokenPath,
      { body: { access_token: "a b", token_type: "Bearer" } },
      Code.FailedPrecondition,
      "without a bearer token",
    ],
    [
      "no token",
      tokenPath,
      { body: { token_type: "Bearer" } },
      Code.FailedPrecondition,
      "without a bearer token",
    ],
    [
      "a token of another type",
      tokenPath,
      { body: { access_token: "t0ken-value", token_type: "mac" } },
      Code.FailedPrecondition,
      "without a bearer token",
    ],
    [
      "a token with a senseless end",
      tokenPath,
      { body: { access_token: "t0ken-value", token_type: "Bearer", expires_in: "soon" } },
      Code.FailedPrecondition,
      "without a bearer token",
    ],
  ])("%s", async (_name, path, answer, code, text) => {
    await using server = await startTokenServer(at(path, answer));
    const error = await awaitOutcome(create().token({ baseUrl: server.url, signal }));
    expect(error).toMatchObject({ code, rawMessage: expect.stringContaining(text) as string });
    expect(server.requests.map((each) => each.path)).not.toContain("/elsewhere");
    expectClean(error, server.requests);
  });

  test("a refused connection", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await awaitOutcome(
      create().token({ baseUrl: `http://127.0.0.1:${port}`, signal }),
    );
    expect(error).toMatchObject({
      code: Code.Unavailable,
      rawMessage: expect.stringContaining("(ECONNREFUSED)") as string,
    });
    expectClean(error, []);
  });

  test("the pause that a rate limit asks for", async () => {
    await using server = await startTokenServer(
      at(tokenPath, { status: 429, headers: { "retry-after": "7" }, body: "Too Many Requests" }),
    );
    const error = await awaitOutcome(create().token({ baseUrl: server.url, signal }));
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect((error as ConnectError).metadata.get("retry-after")).toBe("7");
  });

  test("no secret that a server repeats", async () => {
    await using server = await startTokenServer(({ path, form, headers }) =>
      path === tokenPath
        ? {
            status: 400,
            body: {
              error: "invalid_request",
              error_description: `what is ${form.get("assertion") ?? clientSecret}\n${String(headers.authorization)}?`,
            },
          }
        : undefined,
    );
    const error = await awaitOutcome(create().token({ baseUrl: server.url, signal }));
    expect(error).toMatchObject({ code: Code.Unauthenticated });
    expectClean(error, server.requests);
    expect((error as Error).message).toMatch(/what is \[redacted\] .*\?/);
  });

  test("no permanent effect: the next call repeats all requests", async () => {
    let broken = true;
    await using server = await startTokenServer(({ path }) =>
      broken
        ? { status: 503 }
        : path === tokenPath
          ? { body: { access_token: "t", token_type: "Bearer", expires_in: 60 } }
          : undefined,
    );
    const source = create();
    await expect(source.token({ baseUrl: server.url, signal })).rejects.toThrow("HTTP 503");
    broken = false;
    expect(await source.token({ baseUrl: server.url, signal })).toBe("t");
  });
});

describe.each(Object.entries(sources))(
  "the server to which %s sends its credentials",
  (_, create) => {
    const elsewhere = (url: string): StubResponse => ({
      body: { ...(discovery(url).body as object), token_endpoint: "http://localhost:1/token" },
    });
    const grant = ({ path }: { path: string }): StubResponse | undefined =>
      path === tokenPath
        ? { body: { access_token: "t", token_type: "Bearer", expires_in: 60 } }
        : undefined;

    test("always has the origin of the issuer, even if discovery names another", async () => {
      await using server = await startTokenServer(({ path }, url) =>
        path === discoveryPath ? elsewhere(url) : undefined,
      );
      const error = await awaitOutcome(create().token({ baseUrl: server.url, signal }));
      expect(error).toMatchObject({
        code: Code.FailedPrecondition,
        rawMessage: expect.stringContaining("elsewhere, at http://localhost:1;") as string,
      });
      expect(server.requests.length).toBe(1);
    });

    test("is the token endpoint of the option, without discovery", async () => {
      await using server = await startTokenServer(grant);
      const source = create({ tokenEndpoint: `${server.url}${tokenPath}` });
      expect(await source.token({ baseUrl: "https://acme.test", signal })).toBe("t");
      expect(server.requests.map(({ path }) => path)).toEqual([tokenPath]);
    });

    test("is the issuer of the option, with or without a slash", async () => {
      await using server = await startTokenServer(grant);
      const source = create({ issuer: new URL(server.url) });
      expect(await source.token({ baseUrl: "https://acme.test/api", signal })).toBe("t");
      expect(server.requests.map(({ path }) => path)).toEqual([discoveryPath, tokenPath]);
    });

    test("is called with the client's fetch, and a followed redirect is an error", async () => {
      const fetch = (): Promise<Response> => {
        const response = Response.json(discovery("https://acme.test").body);
        return Promise.resolve(Object.defineProperty(response, "redirected", { value: true }));
      };
      await expect(
        create().token({ baseUrl: "https://acme.test", fetch, signal }),
      ).rejects.toMatchObject({
        code: Code.FailedPrecondition,
        rawMessage: expect.stringContaining("redirect, which is not followed") as string,
      });
    });

    test("gets no credentials unencrypted over a network", async () => {
      const never = (): never => {
        throw new Error("asked");
      };
      const baseUrl = "http://acme.test";
      await expect(create().token({ baseUrl, fetch: never, signal })).rejects.toMatchObject({
        code: Code.FailedPrecondition,
        rawMessage: expect.stringContaining("unencrypted (acme.test); use https://") as string,
      });
      const source = create({ allowInsecureAuth: true });
      await expect(source.token({ baseUrl, fetch: never, signal })).rejects.toMatchObject({
        code: Code.Unavailable,
      });
    });

    test.each<[string, object, string]>([
      ["a scope with a blank", { scopes: ["a b"] }, "option scopes"],
      ["scopes that are text", { scopes: "a" }, "option scopes"],
      [
        "an issuer without a scheme",
        { issuer: "acme.test" },
        "option issuer: must be an absolute URL",
      ],
      [
        "an issuer by ftp",
        { issuer: "ftp://acme.test" },
        "option issuer: must begin with https://",
      ],
      [
        "an issuer by http",
        { issuer: "http://acme.test" },
        "option issuer: would receive credentials unencrypted",
      ],
      [
        "a token endpoint by http",
        { tokenEndpoint: "http://acme.test" },
        "option tokenEndpoint: would",
      ],
      [
        "a password in an address",
        { issuer: "https://u:s3cret-of-the-client@acme.test" },
        "option issuer: must not contain",
      ],
      ["a leeway that is not a number", { leewayMs: Number.NaN }, "leewayMs"],
    ])("%s is rejected at creation", (_name, options, text) => {
      expect(() => create(options)).toThrow(TypeError);
      expect(() => create(options)).toThrow(text);
      expect(() => create(options)).not.toThrow(clientSecret);
    });

    test("does not show the client secret or the key when inspected", async () => {
      await using server = await startTokenServer(grant);
      const source = create();
      await source.token({ baseUrl: server.url, signal });
      expect(inspect(source, { depth: 9, showHidden: true })).not.toContain(clientSecret);
      expect(inspect(source, { depth: 9, showHidden: true })).not.toContain("PRIVATE KEY");
      expect(JSON.stringify(source)).toBe("{}");
    });
  },
);

/** Checks that an error holds no credential and no token, and reports that the call itself was not sent. */
function expectClean(
  error: unknown,
  requests: readonly { form: URLSearchParams; headers: Readonly<Record<string, unknown>> }[],
): void {
  expect(error).toBeInstanceOf(ConnectError);
  expect(AttemptError.factsOf(error)).toMatchObject({ notDone: "unsent" });
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
  const secrets = [
    clientSecret,
    "t0ken-value",
    "PRIVATE KEY",
    ...requests.flatMap(({ form, headers }) => [
      form.get("assertion"),
      typeof headers["authorization"] === "string" ? headers["authorization"].slice(6) : undefined,
    ]),
  ];
  for (const secret of secrets) {
    if (secret) {
      expect(shown).not.toContain(secret);
    }
  }
}
