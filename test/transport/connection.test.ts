import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createManagementClient, type ManagementClient } from "zitadel-idp/management";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcTransport, Http2SessionManager } from "zitadel-idp/transport/grpc";

/** A load balancer that forwards connections until the test makes it drop them, without notice to either side. */
interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** The number of accepted connections. */
  readonly connections: number;
  forgetAll(): void;
  /** Ends each connection as soon as data arrives on it. */
  endAllOnData(): void;
  /** Sends data on each connection, and returns true if all clients have closed theirs: their answer to data is a reset. */
  probeAllClosed(): boolean;
}

async function startBalancer(port: number): Promise<Balancer> {
  const pairs = new Set<[Socket, Socket]>();
  let connections = 0;
  // A balancer that has dropped a connection never ends its side of it.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    connections++;
    const upstream = connect(port, "localhost");
    pairs.add([client, upstream]);
    client.on("error", () => upstream.destroy()).pipe(upstream);
    upstream.on("error", () => client.destroy()).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    forgetAll() {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).resume();
        upstream.unpipe(client).resume();
      }
    },
    endAllOnData() {
      for (const [client, upstream] of pairs) {
        client
          .unpipe(upstream)
          .once("data", () => client.end())
          .resume();
        upstream.unpipe(client).resume();
      }
    },
    probeAllClosed() {
      const clients = [...pairs].map(([client]) => client);
      clients.forEach((client) => client.write("data"));
      return clients.every((client) => client.destroyed);
    },
    async [Symbol.asyncDispose]() {
      pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let emulator: Emulator;
let listener: Listener;
let balancer: Balancer;
let session: Http2SessionManager | undefined;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterAll(() => emulator.close());
beforeEach(async () => {
  balancer = await startBalancer(listener.port);
});
afterEach(async () => {
  emulator.reset();
  session?.abort();
  await balancer[Symbol.asyncDispose]();
});

type PingOptions = ConstructorParameters<typeof Http2SessionManager>[1];

function clientWith(options: PingOptions): ManagementClient {
  session = new Http2SessionManager(balancer.url, options);
  const wire = createGrpcTransport({
    baseUrl: balancer.url,
    sessionManager: session,
    interceptors: [auth(emulator.token ?? "")],
  });
  return createManagementClient(withErrors(withRetry(wire, { initialPauseMs: 0 })));
}

describe("a connection that a load balancer has dropped", () => {
  test("is checked before a call after a pause, and the call uses a new connection, even an Add", async () => {
    const client = clientWith({ pingIntervalMs: 1, pingTimeoutMs: 1000 });
    await client.listProviders({});
    balancer.forgetAll();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await client.addGoogleProvider({ clientId: "c", clientSecret: "planted" });
    expect(balancer.connections).toBe(2);
    expect((await client.listProviders({})).result.length).toBe(1);
  });

  test("is replaced if it ends during the check", async () => {
    // Longer than the call, which would otherwise send a ping whose response the balancer drops.
    const client = clientWith({ pingIntervalMs: 100, pingTimeoutMs: 5000 });
    await client.listProviders({});
    balancer.endAllOnData();
    await new Promise((resolve) => setTimeout(resolve, 110));
    await client.listProviders({}, { timeoutMs: 4000 });
    expect(balancer.connections).toBe(2);
  });

  test("is detected during a call, and a read is retried", async () => {
    const client = clientWith({ pingIntervalMs: 100, pingTimeoutMs: 1000 });
    await client.listProviders({});
    balancer.forgetAll();
    await client.listProviders({});
    expect(balancer.connections).toBe(2);
  });

  test("is closed when it is idle after a call that took longer than that", async () => {
    const client = clientWith({ idleConnectionTimeoutMs: 20 });
    emulator.inject({ fault: { type: "delay", ms: 60 }, times: 1 });
    await client.listProviders({});
    await expect.poll(() => session?.state()).toBe("closed");
  });

  test("is closed when it is idle, before a load balancer drops it", async () => {
    const client = clientWith({ idleConnectionTimeoutMs: 20 });
    await client.listProviders({});
    await expect.poll(() => session?.state()).toBe("closed");
    await client.listProviders({});
    expect(balancer.connections).toBe(2);
  });

  test("frees its socket when it is idle, although the balancer never ends its side", async () => {
    const client = clientWith({ idleConnectionTimeoutMs: 20 });
    await client.listProviders({});
    balancer.forgetAll();
    await expect.poll(() => balancer.probeAllClosed(), { timeout: 3000 }).toBe(true);
  });
});

test("calls continue when the server closes at the same moment with a proper GOAWAY", async () => {
  const client = clientWith({});
  await client.listProviders({});
  emulator.inject({ fault: { type: "goaway", call: "answered" }, probability: 0.2 });
  emulator.inject({ fault: { type: "goaway" }, probability: 0.1 });
  const adds = Array.from({ length: 50 }, () =>
    client.addGoogleProvider({ clientId: "c", clientSecret: "planted" }),
  );
  await Promise.all(adds);
  expect((await client.listProviders({})).result.length).toBe(50);
});
