import * as http from "node:http";
import * as net from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient, type IdpClientOptions } from "zitadel-idp";
import { clientCredentials, serviceAccount, type TokenSource } from "zitadel-idp/auth";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { Call } from "../../src/call/call.js";
import { Deadline } from "../../src/call/deadline.js";
import type { HttpSend } from "../../src/transport/http/send-request.js";
import { withHttp2Fallback } from "../../src/transport/http/http2-fallback.js";
import { createNodeHttpSend } from "../../src/transport/http/node-http-send.js";
import type { SenderOptions } from "../../src/transport/http/share-senders.js";
import { createUndiciSend } from "../../src/transport/http/undici-send.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import { failureOf } from "../support/failure.js";
import { type Http2Proxy, startHttp2Proxy } from "../support/http2-proxy.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { wireNames } from "../support/wires.js";

const keyPair = createKeyPair();
const keyFile = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: keyPair.privatePkcs1,
  userId: "200000000000000001",
} as const;
const token = "a-fixed-token";
const google = { clientId: "c", clientSecret: "planted-secret" };

const credentials: [name: string, create: () => string | TokenSource][] = [
  ["a fixed token", () => token],
  ["a service account key", () => serviceAccount(keyFile)],
  ["client credentials", () => clientCredentials({ clientId: "ci", clientSecret: "s3cret" })],
];

let emulator: Emulator;
let listener: Listener;
let front: Http2Proxy;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [{ name: "org" }],
      serviceUsers: [
        {
          id: keyFile.userId,
          name: "ci",
          organization: "org",
          token,
          clientSecret: "s3cret",
          keys: [{ id: keyFile.keyId, publicKey: keyPair.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  listener = await emulator.listen();
});
beforeEach(async () => {
  front = await startHttp2Proxy(listener.url);
});
afterEach(async () => {
  await front[Symbol.asyncDispose]();
  emulator.reset();
});
afterAll(() => emulator.close());

function connect(options: Partial<IdpClientOptions>): IdpClient {
  return createIdpClient({
    baseUrl: `http://localhost:${front.port}`,
    retry: false,
    ...options,
  });
}

describe.each(wireNames)("over %s", (protocol) => {
  test.each(credentials)(
    "%s works with a server that supports HTTP/2 only",
    async (_, createAuth) => {
      await using zitadel = connect({ protocol, auth: createAuth() });
      await zitadel.management.addGoogleProvider(google);
      const { result } = await zitadel.management.listProviders({});
      // The server did not read the write over HTTP/1, so it was sent again and done once.
      expect(result).toHaveLength(1);
      await zitadel.management.deleteProvider({ id: result[0]?.id ?? "" });
    },
  );

  test("a client with hundreds of requests continues over HTTP/2", async () => {
    await using zitadel = connect({ protocol, auth: token });
    for (let batch = 0; batch < 5; batch++) {
      const reads = Array.from({ length: 50 }, () => zitadel.management.listProviders({}));
      await Promise.all(reads);
    }
    expect(front.requests).toHaveLength(250);
  });

  test("parallel first calls are each carried out once", async () => {
    await using zitadel = connect({ protocol, auth: serviceAccount(keyFile) });
    await Promise.all(
      Array.from({ length: 20 }, () => zitadel.management.addGoogleProvider(google)),
    );
    const { details } = await zitadel.management.listProviders({});
    expect(details?.totalResult).toBe(20n);
  });

  test("errors of the server and its limits arrive as usual", async () => {
    await using zitadel = connect({ protocol, auth: token });
    expect(await failureOf(zitadel.management.getProviderByID({ id: "1" }))).toMatchObject({
      code: Code.NotFound,
      outcome: "not_done",
    });
    const signal = AbortSignal.abort();
    expect(await failureOf(zitadel.management.listProviders({}, { signal }))).toMatchObject({
      code: Code.Canceled,
    });
    await using limited = connect({ protocol, auth: token, limits: { maxResponseBytes: 40 } });
    expect(await failureOf(limited.admin.getLoginPolicy({}))).toMatchObject({
      code: Code.ResourceExhausted,
      outcome: "not_done",
    });
  });

  test("the name of an instance is the authority", async () => {
    const named = createEmulator({ seed: { instance: { domain: "acme.example" } } });
    const { port } = await named.listen();
    await using other = await startHttp2Proxy(`http://localhost:${port}`);
    await using zitadel = connect({
      baseUrl: `http://localhost:${other.port}`,
      instanceHost: "acme.example",
      protocol,
      auth: named.token,
    });
    await zitadel.management.listProviders({});
    expect(other.requests[0]).toMatch(/ acme\.example$/);
    await named.close();
  });
});

describe("with TLS whose ALPN knows h2 only", () => {
  let authority: TestAuthority;
  let secure: Http2Proxy;
  beforeAll(async () => {
    authority = await createAuthority();
  });
  beforeEach(async () => {
    secure = await startHttp2Proxy(listener.url, await authority.issue("localhost"));
  });
  afterEach(() => secure[Symbol.asyncDispose]());

  describe.each(wireNames)("over %s", (protocol) => {
    test.each(credentials)("%s works", async (_, createAuth) => {
      await using zitadel = createIdpClient({
        baseUrl: `https://localhost:${secure.port}`,
        tls: { ca: authority.ca },
        protocol,
        auth: createAuth(),
        retry: false,
      });
      await zitadel.management.addGoogleProvider(google);
      const { result } = await zitadel.management.listProviders({});
      expect(result).toHaveLength(1);
    });
  });

  test("the name of an instance is not the name in the certificate", async () => {
    const named = createEmulator({ seed: { instance: { domain: "acme.example" } } });
    const { port } = await named.listen();
    const credential = await authority.issue("localhost");
    await using other = await startHttp2Proxy(`http://localhost:${port}`, credential);
    for (const protocol of wireNames) {
      await using zitadel = createIdpClient({
        baseUrl: `https://localhost:${other.port}`,
        instanceHost: "acme.example",
        tls: { ca: authority.ca },
        protocol,
        auth: named.token,
      });
      await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    }
    await named.close();
  });
});

describe("the answer of such a server is recognized", () => {
  const options = { connectTimeoutMs: 5000, maxConnections: 1, proxy: undefined };
  test.each<[name: string, createSend: (options: SenderOptions) => HttpSend]>([
    ["by node:http", createNodeHttpSend],
    ["by undici", createUndiciSend],
  ])("%s", async (_, createSend) => {
    const authority = await createAuthority();
    await using secure = await startHttp2Proxy(listener.url, await authority.issue("localhost"));
    const tls = { ca: [authority.ca] };
    for (const url of [`http://localhost:${front.port}`, `https://localhost:${secure.port}`]) {
      const sentAgain: string[] = [];
      const send = withHttp2Fallback(createSend({ ...options, tls }), async (request) => {
        sentAgain.push(`${request.method} ${request.call.sent}`);
        return await Promise.resolve({
          status: 200,
          headers: new Headers(),
          body: new Uint8Array(),
        });
      });
      const deadline = new Deadline();
      const request = { url, method: "POST", headers: {}, body: "x", readMaxBytes: 100, deadline };
      await send({ ...request, call: new Call(deadline) });
      await send({ ...request, call: new Call(deadline) });
      expect(sentAgain).toEqual(["POST false", "POST false"]);
    }
  });
});

test("token requests of a gRPC client use its own connection", async () => {
  await using zitadel = connect({ protocol: "grpc", auth: serviceAccount(keyFile) });
  await zitadel.management.listProviders({});
  const authority = `localhost:${front.port}`;
  expect(front.requests).toEqual([
    `GET /.well-known/openid-configuration ${authority}`,
    `POST /oauth/v2/token ${authority}`,
    `POST /zitadel.management.v1.ManagementService/ListProviders ${authority}`,
  ]);
  // The connection over HTTP/1, which the server closed, and the one of the client.
  expect(front.connections).toBe(2);
});

test("a token request that breaks is reported with its endpoint, and the call was not sent", async () => {
  await using zitadel = connect({ protocol: "grpc", auth: serviceAccount(keyFile) });
  emulator.inject({ path: "/oauth/v2/token", fault: { type: "drop", when: "after" } });
  const error = await failureOf(zitadel.management.addGoogleProvider(google));
  expect(error).toMatchObject({ code: Code.Unavailable, outcome: "not_done" });
  expect(error.message).toContain("the token endpoint");
});

test("a server that may have read a request does not get it again", async () => {
  const received: string[] = [];
  const server = net.createServer((socket) => {
    socket.once("data", (chunk) => {
      received.push(chunk.toString().slice(0, 4));
      socket.end("220 mail.example ESMTP\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await using zitadel = connect({
    baseUrl: `http://localhost:${port}`,
    protocol: "json",
    auth: token,
  });
  const error = await failureOf(zitadel.management.addGoogleProvider(google));
  server.close();
  expect(error).toMatchObject({ code: Code.Unavailable, outcome: "unknown", attempts: 1 });
  expect(received).toEqual(["POST"]);
});

test("a server without HTTP/2 that takes the place of the first one is reached over HTTP/1", async () => {
  await using zitadel = connect({ protocol: "json", auth: token, retry: { initialPauseMs: 0 } });
  await zitadel.management.listProviders({});
  const { port } = front;
  await front[Symbol.asyncDispose]();
  const http1 = http.createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    request.pipe(
      http.request(`${listener.url}${url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  await new Promise<void>((resolve) => http1.listen(port, "127.0.0.1", resolve));
  await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
  http1.close().closeAllConnections();
});
