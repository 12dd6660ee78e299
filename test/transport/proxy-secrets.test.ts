import type { IncomingMessage, ServerResponse } from "node:http";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions, isZitadelError } from "zitadel-idp";
import { clientCredentials } from "../../src/token-sources.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { withErrors } from "../../src/policy/index.js";
import { createManagementClient } from "../../src/services/management.js";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.js";

// A proxy reads its own credentials in each request for an http: URL, and may repeat them in its answer.

const password = "hunter2secret";
const basic = Buffer.from(`usr:${password}`).toString("base64");

/** The answers of proxies that repeat the credentials. */
const answers: Readonly<
  Record<string, (request: IncomingMessage, response: ServerResponse) => void>
> = {
  "headers and text": (request, response) => {
    const credentials = request.headers["proxy-authorization"];
    response.writeHead(403, { "content-type": "text/plain", "x-echo": credentials ?? "" });
    response.end(`denied: ${credentials} ${password}`);
  },
  "JSON of an error": (request, response) => {
    const message = `bad: ${request.headers["proxy-authorization"]} ${password}`;
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ code: 3, message, details: [] }));
  },
  "OAuth error": (request, response) => {
    const text = `${request.headers["proxy-authorization"]} ${password}`;
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: "invalid_request", error_description: text }));
  },
  redirect: (request, response) => {
    const credentials = request.headers["proxy-authorization"] ?? "";
    response.writeHead(302, { location: `http://login.example/?${credentials}` }).end();
  },
};

let proxy: RecordingProxy;
let proxyUrl: string;
let answer: keyof typeof answers;

beforeAll(async () => {
  proxy = await startRecordingProxy((...exchange) => answers[answer]?.(...exchange));
  // Percent-encoded in another way than encodeURIComponent does it.
  proxyUrl = `http://usr:hunter2%73ecret@127.0.0.1:${proxy.port}`;
});

afterAll(async () => await proxy[Symbol.asyncDispose]());

afterEach(() => {
  delete process.env["HTTP_PROXY"];
});

const shown = (error: unknown): string =>
  inspect(error, { depth: 9, showHidden: true }) +
  JSON.stringify([
    error,
    isZitadelError(error) ? [[...error.metadata], error.stack, error.hint] : [],
  ]);

function expectNoSecrets(error: unknown): void {
  const text = shown(error);
  for (const secret of [password, basic, "hunter2%73ecret"]) {
    expect(text).not.toContain(secret);
  }
}

describe.each(Object.keys(answers))(
  "the credentials of a proxy are not in an error: %s",
  (kind) => {
    test.each<[string, Partial<IdpClientOptions>]>([
      ["json", { protocol: "json", auth: "fixed-token" }],
      ["grpc-web", { protocol: "grpc-web", auth: "fixed-token" }],
      [
        "a token request",
        {
          auth: clientCredentials({
            clientId: "job",
            clientSecret: "s3cret-of-the-client",
            tokenEndpoint: "http://zitadel.test/oauth/v2/token",
            allowInsecureAuth: true,
          }),
        },
      ],
    ])("%s", async (_, options) => {
      answer = kind;
      for (const from of ["option", "environment"]) {
        if (from === "environment") {
          process.env["HTTP_PROXY"] = proxyUrl;
        }
        const before = proxy.seen.length;
        const client = createIdpClient({
          baseUrl: "http://zitadel.test",
          allowInsecureAuth: true,
          retry: false,
          ...(from === "option" && { proxy: proxyUrl }),
          ...options,
        });
        const error = await client.management.listProviders({}).catch((reason: unknown) => reason);
        await client.close();
        expect(proxy.seen.length).toBeGreaterThan(before);
        expect(isZitadelError(error)).toBe(true);
        expectNoSecrets(error);
      }
    });

    test("a transport alone with withErrors", async () => {
      answer = kind;
      const transport = createJsonTransport({ baseUrl: "http://zitadel.test", proxy: proxyUrl });
      const error = await createManagementClient(withErrors(transport))
        .listProviders({})
        .catch((reason: unknown) => reason);
      expect(isZitadelError(error)).toBe(true);
      expectNoSecrets(error);
    });
  },
);

test("the user name alone is a secret if there is no password, or if it is long", async () => {
  answer = "JSON of an error";
  for (const credentials of ["k3y-of-the-user", "k3y-of-the-user:short"]) {
    const echo = await startRecordingProxy((_, response) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ code: 3, message: "no k3y-of-the-user", details: [] }));
    });
    const client = createIdpClient({
      baseUrl: "http://zitadel.test",
      protocol: "json",
      proxy: `http://${credentials}@127.0.0.1:${echo.port}`,
    });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      message: expect.stringMatching(/no \[redacted\]/) as string,
    });
    await client.close();
    await echo[Symbol.asyncDispose]();
  }
});
