import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Code, createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { Call } from "../../src/call/call.js";
import { startDeadline } from "../../src/call/start-deadline.js";
import { createGrpcTransport, Http2SessionManager } from "../../src/grpc-transport.js";
import { createUndiciSend } from "../../src/transport/http/undici-send.js";
import { createManagementClient } from "../../src/services/management.js";
import { failureOf } from "../support/failure.js";
import { startUnansweredPort } from "../support/unanswered-port.js";
import { wireNames } from "../support/wires.js";

let silent: Server;
/** A proxy that connects each client to the silent server. */
let proxy: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  silent = createServer((socket) => void sockets.push(socket.on("error", () => undefined)));
  proxy = createHttpServer().on("connect", (_request: unknown, client: Duplex) => {
    const upstream = connect(portOf(silent), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.on("error", () => undefined).pipe(upstream);
      client.on("close", () => upstream.destroy());
    });
    upstream.on("error", () => client.destroy()).pipe(client);
  });
  for (const server of [silent, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
});
afterEach(() => {
  sockets.forEach((socket) => socket.destroy());
  silent.close();
  proxy.close();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Creates a controller that aborts when the silent server gets a connection. */
function abortOnConnection(): AbortController {
  const controller = new AbortController();
  silent.once("connection", () => controller.abort());
  return controller;
}

/** Waits until the client has closed its connections to the silent server. */
async function closedByClient(): Promise<void> {
  await expect.poll(() => sockets.length).toBeGreaterThan(0);
  for (const socket of sockets.filter((each) => !each.destroyed)) {
    await once(socket.resume(), "close");
  }
}

// The connection timeout is longer than that of a test, so it closes nothing here.
const connectTimeoutMs = 60_000;

describe.each(wireNames)("the end of a %s call ends", (protocol) => {
  test.each<[name: string, baseUrl: string, proxyUrl: () => string]>([
    [
      "the wait for a proxy that does not answer CONNECT",
      "https://acme.example",
      () => `http://127.0.0.1:${portOf(silent)}`,
    ],
    [
      "the TLS handshake with a proxy before CONNECT",
      "https://acme.example",
      () => `https://127.0.0.1:${portOf(silent)}`,
    ],
    [
      "the TLS handshake with a proxy that forwards",
      "http://acme.example",
      () => `https://127.0.0.1:${portOf(silent)}`,
    ],
    [
      "the TLS handshake with a server behind a proxy",
      "https://acme.example",
      () => `http://127.0.0.1:${portOf(proxy)}`,
    ],
  ])("%s", async (_, baseUrl, proxyUrl) => {
    await using client = createIdpClient({
      baseUrl,
      proxy: proxyUrl(),
      protocol,
      auth: "a-fixed-token",
      allowInsecureAuth: true,
      connectTimeoutMs,
    });
    const { signal } = abortOnConnection();
    const error = await failureOf(client.management.listProviders({}, { signal }));
    expect(error).toMatchObject({ outcome: "not_done" });
    await closedByClient();
  });
});

test("the end of a request ends its TLS handshake without a proxy", async () => {
  const send = createUndiciSend({ connectTimeoutMs, maxConnections: 1, proxy: undefined, tls: {} });
  const url = `https://127.0.0.1:${portOf(silent)}`;
  const { deadline } = startDeadline({ signal: abortOnConnection().signal });
  const request = { url, method: "GET", headers: {}, body: undefined, readMaxBytes: 100, deadline };
  await expect(send({ ...request, call: new Call(deadline) })).rejects.toThrow();
  await closedByClient();
});

test("the end of a gRPC call ends its TLS handshake, but not before the next call could use it", async () => {
  await using client = createIdpClient({
    baseUrl: `https://127.0.0.1:${portOf(silent)}`,
    auth: "a-fixed-token",
    connectTimeoutMs,
  });
  const { signal } = abortOnConnection();
  await failureOf(client.management.listProviders({}, { signal }));
  await failureOf(client.management.listProviders({}, { timeoutMs: 50 }));
  expect(sockets).toHaveLength(1);
  await closedByClient();
});

test.each(wireNames)(
  "a connection that nobody answers ends after connectTimeoutMs, over %s",
  async (protocol) => {
    await using unanswered = await startUnansweredPort();
    for (const scheme of ["http", "https"]) {
      await using client = createIdpClient({
        baseUrl: `${scheme}://127.0.0.1:${unanswered.port}`,
        auth: "a-fixed-token",
        protocol,
        connectTimeoutMs: 200,
        retry: false,
      });
      expect(await failureOf(client.management.listProviders({}))).toMatchObject({
        code: Code.Unavailable,
        outcome: "not_done",
        reason: "unreachable",
        rawMessage: "the server cannot be reached (ETIMEDOUT)",
        hint: expect.stringContaining(
          "in time (connectTimeoutMs): check its host and port",
        ) as string,
      });
    }
  },
);

test("an abort right after a tunnel was opened closes the tunnel", async () => {
  const baseUrl = "https://acme.example";
  const sessions = new Http2SessionManager(baseUrl, {
    proxy: `http://127.0.0.1:${portOf(proxy)}`,
    connectTimeoutMs,
  });
  // The last action before the tunnel is handed over.
  using spy = vi.spyOn(Socket.prototype, "setKeepAlive").mockImplementation(function (
    this: Socket,
  ) {
    sessions.abort();
    return this;
  });
  const transport = createGrpcTransport({ baseUrl, sessionManager: sessions });
  const call = createManagementClient(transport).listProviders({});
  await expect(call).rejects.toThrow("connection aborted");
  expect(spy).toHaveBeenCalled();
  await closedByClient();
});

describe.each<[name: string, getProxy: () => string | false]>([
  ["to a server", () => false],
  ["through a proxy", () => `http://127.0.0.1:${portOf(proxy)}`],
])("close() of a client whose gRPC connection %s is being opened", (_, getProxy) => {
  const startClient = (auth: string): IdpClient =>
    createIdpClient({
      baseUrl: `http://localhost:${portOf(silent)}`,
      proxy: getProxy(),
      protocol: "grpc",
      auth,
      allowInsecureAuth: true,
      connectTimeoutMs,
    });

  test("lets a call finish whose connection opens within a second", async () => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    const client = startClient(emulator.token ?? "");
    const connecting = once(silent, "connection") as Promise<[Socket]>;
    const call = client.management.listProviders({});
    const [socket] = await connecting;
    const closing = client.close();
    socket.pipe(connect(port, "localhost")).pipe(socket);
    await expect(call).resolves.toMatchObject({ result: [] });
    await closing;
  });

  test("ends the attempt after a second, and the call fails as not sent", async () => {
    const client = startClient("a-fixed-token");
    const connecting = once(silent, "connection");
    const call = failureOf(client.management.listProviders({}));
    await connecting;
    const startedMs = performance.now();
    const closing = client.close();
    expect(await call).toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: "the client is closed: create a new one",
      outcome: "not_done",
    });
    const passedMs = performance.now() - startedMs;
    // A timer may run up to a millisecond early.
    expect(passedMs).toBeGreaterThanOrEqual(999);
    expect(passedMs).toBeLessThan(connectTimeoutMs / 2);
    await closing;
    await closedByClient();
  });
});
