import type { Interceptor } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { clientCredentials } from "../../src/token-sources.js";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { auth } from "../../src/policy/auth.js";
import { createManagementClient } from "../../src/services/management.js";
import { Http2SessionManager } from "../../src/transport/http2/http2-session-manager.js";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.js";
import { useProxyVariables } from "../support/use-proxy-variables.js";
import { wireNames } from "../support/wires.js";

// A proxy reads everything in a request to http://localhost, so nothing secret may go there without consent.

const clientSecret = "s3cret-of-the-client";
const job = { clientId: "job", clientSecret };

const setVariables = useProxyVariables();

let emulator: Emulator;
let url: string;
let proxy: RecordingProxy;
let proxyUrl: string;

beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          name: "job",
          organization: "1",
          instanceRoles: ["IAM_OWNER"],
          clientSecret,
          token: "fixed-token-of-the-job",
        },
      ],
    },
  });
  ({ url } = await emulator.listen());
  proxy = await startRecordingProxy();
  proxyUrl = `http://127.0.0.1:${proxy.port}`;
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await emulator.close();
});

const unencrypted = /^the token would be sent unencrypted to localhost:\d+ through the proxy; use/;

describe("a token for http://localhost does not go to a proxy", () => {
  test.each<[string, () => ReturnType<typeof createJsonTransport>]>([
    [
      "json",
      () =>
        createJsonTransport({
          baseUrl: url,
          proxy: proxyUrl,
          interceptors: [auth(emulator.token)],
        }),
    ],
    [
      "grpc-web",
      () =>
        createGrpcWebTransport({
          baseUrl: url,
          proxy: new URL(proxyUrl),
          interceptors: [auth(emulator.token, { baseUrl: url })],
        }),
    ],
    [
      "grpc",
      () =>
        createGrpcTransport({
          baseUrl: url,
          proxy: proxyUrl,
          interceptors: [auth(emulator.token, { baseUrl: url })],
        }),
    ],
    [
      "grpc with a session manager",
      () =>
        createGrpcTransport({
          baseUrl: url,
          sessionManager: new Http2SessionManager(url, { proxy: proxyUrl }),
          interceptors: [auth(async () => emulator.token)],
        }),
    ],
  ])("over the transport %s", async (_, create) => {
    const before = proxy.seen.length;
    await expect(createManagementClient(create()).listProviders({})).rejects.toMatchObject({
      rawMessage: expect.stringMatching(unencrypted) as string,
    });
    expect(proxy.seen).toHaveLength(before);
  });

  test.each(wireNames)("from an interceptor of a client over %s", async (protocol) => {
    const before = proxy.seen.length;
    const client = createIdpClient({
      baseUrl: url,
      protocol,
      proxy: proxyUrl,
      interceptors: [auth(emulator.token)],
    });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      outcome: "not_done",
    });
    await client.close();
    expect(proxy.seen).toHaveLength(before);
  });
});

describe("a token for http://localhost does not go to a proxy of the environment", () => {
  test.each(wireNames)("over %s", async (protocol) => {
    setVariables({ HTTP_PROXY: proxyUrl, ALL_PROXY: proxyUrl });
    const before = proxy.seen.length;
    const client = createIdpClient({ baseUrl: url, protocol, auth: emulator.token });
    await client.management.listProviders({});
    await client.close();
    expect(proxy.seen).toHaveLength(before);
  });

  // A gRPC transport does not send to another server.
  test.each([
    ["json", createJsonTransport],
    ["grpc-web", createGrpcWebTransport],
  ] as const)("if an interceptor sends a call there over %s", async (_, create) => {
    setVariables({ HTTP_PROXY: proxyUrl });
    const before = proxy.seen.length;
    const sendToEmulator: Interceptor = (next) => (request) =>
      next({ ...request, url: request.url.replace("http://acme.example", url) });
    const transport = create({
      baseUrl: "http://acme.example",
      interceptors: [sendToEmulator, auth(emulator.token)],
    });
    await createManagementClient(transport).listProviders({});
    expect(proxy.seen).toHaveLength(before);
  });
});

test.each(wireNames)("goes to a proxy over %s with allowInsecureAuth", async (protocol) => {
  const create = { json: createJsonTransport, "grpc-web": createGrpcWebTransport };
  const interceptors = [auth(emulator.token, { allowInsecureAuth: true })];
  const options = { baseUrl: url, proxy: proxyUrl, interceptors };
  const transport = protocol === "grpc" ? createGrpcTransport(options) : create[protocol](options);
  const before = proxy.seen.length;
  await createManagementClient(transport).listProviders({});
  expect(proxy.seen.length).toBeGreaterThan(before);
});

describe("a client secret for an issuer at http://localhost does not go to a proxy", () => {
  test.each(wireNames)("over %s, by its issuer or its token endpoint", async (protocol) => {
    for (const place of [{ issuer: url }, { tokenEndpoint: `${url}/oauth/v2/token` }]) {
      const before = proxy.seen.length;
      const client = createIdpClient({
        baseUrl: "https://acme.example",
        protocol,
        proxy: proxyUrl,
        auth: clientCredentials({ ...job, ...place }),
      });
      await expect(client.management.listProviders({})).rejects.toMatchObject({
        outcome: "not_done",
        attempts: 1,
        message: expect.stringMatching(
          /receive credentials unencrypted through the proxy/,
        ) as string,
      });
      await client.close();
      expect(proxy.seen).toHaveLength(before);
    }
  });

  test("also after a client without a proxy has read the issuer's discovery", async () => {
    // Each use needs another token, because the tokens of two base URLs are apart.
    const source = clientCredentials({ ...job, issuer: url });
    const direct = createIdpClient({ baseUrl: url, auth: source });
    await direct.management.listProviders({});
    await direct.close();
    const before = proxy.seen.length;
    const client = createIdpClient({
      baseUrl: "https://acme.example",
      proxy: proxyUrl,
      auth: source,
    });
    await expect(client.management.listProviders({})).rejects.toThrow(/unencrypted/);
    await client.close();
    expect(proxy.seen).toHaveLength(before);
  });

  test("unless allowInsecureAuth is set", async () => {
    const before = proxy.seen.length;
    const client = createIdpClient({
      baseUrl: "https://acme.invalid",
      proxy: proxyUrl,
      retry: false,
      auth: clientCredentials({ ...job, issuer: url, allowInsecureAuth: true }),
    });
    await expect(client.management.listProviders({})).rejects.toMatchObject({ reason: "proxy" });
    await client.close();
    const paths = proxy.seen.slice(before).map((each) => each.url.replace(url, ""));
    expect(paths).toEqual([
      "/.well-known/openid-configuration",
      "/oauth/v2/token",
      "acme.invalid:443",
    ]);
  });
});
