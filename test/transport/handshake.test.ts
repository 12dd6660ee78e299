import { connect, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, Code } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createManagementClient, type ManagementClient } from "zitadel-idp/management";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcTransport, Http2SessionManager } from "zitadel-idp/transport/grpc";
import { failureOf } from "../support/failure.js";
import { listenOnLoopback } from "../support/listen-on-loopback.js";

const google = { clientId: "c", clientSecret: "planted-secret" };

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A server that accepts connections: the first ones stay silent, the others reach the emulator. */
interface SlowStarter extends AsyncDisposable {
  readonly url: string;
  readonly connections: number;
}

async function startSilentFor(silentOnes: number): Promise<SlowStarter> {
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    if (connections > silentOnes) {
      const upstream = connect(listener.port, "localhost");
      upstream.on("error", () => client.destroy());
      client.on("close", () => upstream.destroy()).pipe(upstream);
      upstream.pipe(client);
    }
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: close,
  };
}

describe("a handshake that never ends", () => {
  let session: Http2SessionManager;
  let server: SlowStarter;
  afterEach(async () => {
    session.abort();
    await server[Symbol.asyncDispose]();
  });

  function clientWith(connectTimeoutMs: number, maxAttempts: number): ManagementClient {
    session = new Http2SessionManager(server.url, { connectTimeoutMs });
    const wire = createGrpcTransport({
      baseUrl: server.url,
      sessionManager: session,
      interceptors: [auth(emulator.token ?? "")],
    });
    return createManagementClient(
      withErrors(withRetry(wire, { maxAttempts, initialPauseMs: 0 }), { protocol: "grpc" }),
    );
  }

  test("ends the connection after connectTimeoutMs, and an Add goes over the next one, once", async () => {
    server = await startSilentFor(2);
    const client = clientWith(300, 5);
    await client.addGoogleProvider(google);
    expect(server.connections).toBe(3);
    expect((await client.listProviders({})).result.length).toBe(1);
  });

  test("fails the call as not_done if each connection is silent", async () => {
    server = await startSilentFor(100);
    const client = clientWith(30, 3);
    expect(await failureOf(client.addGoogleProvider(google))).toMatchObject({
      code: Code.Unavailable,
      attempts: 3,
      outcome: "not_done",
      reason: "unreachable",
      message: expect.stringContaining(
        "did not open a connection in time (connectTimeoutMs)",
      ) as string,
      cause: expect.objectContaining({
        message: `no HTTP/2 connection to ${server.url} within 30 ms (connectTimeoutMs)`,
      }) as Error,
    });
  });

  test("does not delay later calls", async () => {
    server = await startSilentFor(1);
    const client = clientWith(300, 1);
    expect(await failureOf(client.addGoogleProvider(google))).toMatchObject({
      outcome: "not_done",
    });
    await client.addGoogleProvider(google);
    expect(server.connections).toBe(2);
  });

  test("does not delay close()", async () => {
    server = await startSilentFor(100);
    session = new Http2SessionManager(server.url);
    const client = createIdpClient({ baseUrl: server.url, auth: "t", protocol: "grpc" });
    const add = failureOf(client.management.addGoogleProvider(google));
    await expect.poll(() => server.connections).toBe(1);
    await client.close();
    expect(await add).toMatchObject({
      code: Code.FailedPrecondition,
      outcome: "not_done",
      rawMessage: "the client is closed: create a new one",
    });
  });
});

describe("a server", () => {
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  /** PUSH_PROMISE on stream 1, of stream 2, for GET http://x/. */
  const push = Buffer.from([
    0, 0, 10, 5, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0x82, 0x86, 0x84, 0x41, 1, 0x78,
  ]);
  /** RST_STREAM of the pushed stream, with INTERNAL_ERROR. */
  const reset = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 2, 0, 0, 0, 2]);

  test("that pushes responses fails only the call", async () => {
    const server = createServer((socket) => {
      socket.once("data", () => {
        socket.write(settings);
        socket.on("data", () => {
          socket.write(Buffer.concat([push, reset]), () => socket.end());
        });
      });
    });
    await using running = await listenOnLoopback(server);
    const baseUrl = running.url;
    const client = createIdpClient({ baseUrl, auth: "t", protocol: "grpc", retry: false });
    for (let calls = 0; calls < 3; calls++) {
      expect(await failureOf(client.management.addGoogleProvider(google))).toMatchObject({
        code: Code.Unavailable,
        outcome: "unknown",
      });
    }
    await client.close();
  });

  test("that allows 250 streams serves a thousand calls at once, without a rejection", async () => {
    const client = createIdpClient({
      baseUrl: listener.url,
      auth: emulator.token,
      protocol: "grpc",
      retry: false,
    });
    const calls = Array.from({ length: 1000 }, () => client.management.listProviders({}));
    expect((await Promise.all(calls)).length).toBe(1000);
    await client.close();
  });

  test("at its stream limit gets no call that ended in the queue", async () => {
    const client = createIdpClient({
      baseUrl: listener.url,
      auth: emulator.token,
      protocol: "grpc",
      retry: false,
    });
    await client.management.listProviders({});
    emulator.inject({ fault: { type: "delay", ms: 200 }, rpc: "ListProviders" });
    const running = Array.from({ length: 250 }, () => client.management.listProviders({}));
    const late = await failureOf(client.management.addGoogleProvider(google, { timeoutMs: 40 }));
    expect(late).toMatchObject({ reason: "deadline", outcome: "not_done" });
    await Promise.all(running);
    expect((await client.management.listProviders({})).result).toEqual([]);
    await client.close();
  });
});
