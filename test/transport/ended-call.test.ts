import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  type Protocol,
  type ZitadelError,
} from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createSelfSigned } from "../support/wrong-servers.js";
import { failureOf } from "../support/failure.js";
import {
  type UnresponsiveServer,
  startUnresponsiveServer,
} from "../support/unresponsive-server.js";

const wires: Protocol[] = ["grpc", "grpc-web", "json"];
const google = { clientId: "c", clientSecret: "planted-secret" };

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

function clientOf(protocol: Protocol, options: Partial<IdpClientOptions> = {}): IdpClient {
  return createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol, ...options });
}

/** Something that a call waits for before it is sent, such as a token. The test releases it. */
function createGate(): { open(): void; readonly opened: Promise<void>; reached: Promise<void> } {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const gate = new Promise<void>((resolve) => (open = resolve));
  return {
    open,
    reached,
    get opened() {
      reach();
      return gate;
    },
  };
}

type Gate = ReturnType<typeof createGate>;

const obstacles: [string, (gate: Gate) => Partial<IdpClientOptions>][] = [
  [
    "a token supplier",
    (gate) => ({
      auth: async () => {
        await gate.opened;
        return emulator.token ?? "";
      },
    }),
  ],
  [
    "a token source",
    (gate) => ({
      auth: {
        token: async () => {
          await gate.opened;
          return emulator.token ?? "";
        },
      },
    }),
  ],
  [
    "an interceptor",
    (gate) => ({
      interceptors: [
        (next) => async (request) => {
          await gate.opened;
          return await next(request);
        },
      ],
    }),
  ],
  [
    "an interceptor that replaces the request and its signal",
    (gate) => ({
      interceptors: [
        (next) => async (request) => {
          await gate.opened;
          return await next({ ...request, signal: new AbortController().signal });
        },
      ],
    }),
  ],
];

const endings: [string, (client: IdpClient, gate: Gate) => Promise<unknown>][] = [
  ["its deadline", (client) => client.management.addGoogleProvider(google, { timeoutMs: 50 })],
  [
    "its signal",
    async (client, gate) => {
      const controller = new AbortController();
      const call = client.management.addGoogleProvider(google, { signal: controller.signal });
      await gate.reached;
      controller.abort();
      await call;
    },
  ],
  [
    "a forced close of the client",
    async (client, gate) => {
      const call = client.management.addGoogleProvider(google);
      call.catch(() => undefined);
      await gate.reached;
      await client.close({ force: true });
      await call;
    },
  ],
];

describe.each(wires)("over %s, nothing is sent after a call was ended by", (protocol) => {
  describe.each(endings)("%s,", (_, end) => {
    test.each(obstacles)("while it waited for %s", async (_what, delay) => {
      const gate = createGate();
      const client = clientOf(protocol, delay(gate));
      const error = await failureOf(end(client, gate));
      expect(error).toMatchObject({ outcome: "not_done", attempts: 1 });
      gate.open();
      // Everything that the ended call still does happens before the end of this one.
      await using other = clientOf(protocol);
      await other.management.listProviders({});
      await other.management.listProviders({});
      expect(emulator.log.map(({ rpc }) => rpc)).not.toContainEqual(
        expect.stringContaining("AddGoogleProvider"),
      );
      await client.close({ force: true });
    });
  });
});

describe("over TLS", () => {
  /** Forwards to a TLS server in front of the emulator. The server's data can be held back or damaged. */
  interface Middle extends AsyncDisposable {
    readonly url: string;
    hold(): void;
    release(): void;
    /** Sends bytes that are not a TLS record instead of all further data of the server. */
    damage(bytes: Uint8Array): void;
  }

  async function startMiddle(): Promise<Middle> {
    const tls = createTlsServer({
      ...(await createSelfSigned()),
      ALPNProtocols: ["h2", "http/1.1"],
    });
    tls.on("secureConnection", (socket) => {
      const upstream = connect(listener.port, "localhost");
      socket.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => socket.destroy()).pipe(socket);
    });
    tls.on("tlsClientError", () => undefined);
    await listenOn(tls);
    const sockets = new Set<Socket>();
    const clients = new Set<Socket>();
    let isHeld = false;
    let held: (() => void)[] = [];
    let isDamaged = false;
    const server = createServer((client) => {
      const upstream = connect((tls.address() as AddressInfo).port, "localhost");
      sockets.add(client).add(upstream);
      clients.add(client);
      client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
      upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
      client.on("data", (chunk) => {
        const pass = (): unknown => upstream.write(chunk);
        if (isHeld) {
          held.push(pass);
        } else {
          pass();
        }
      });
      upstream.on("data", (chunk) => isDamaged || client.write(chunk));
    });
    await listenOn(server);
    return {
      url: `https://localhost:${(server.address() as AddressInfo).port}`,
      hold: () => (isHeld = true),
      release: () => {
        isHeld = false;
        held.forEach((pass) => pass());
        held = [];
      },
      damage: (bytes) => {
        isDamaged = true;
        clients.forEach((client) => client.write(bytes));
      },
      async [Symbol.asyncDispose]() {
        sockets.forEach((socket) => socket.destroy());
        await Promise.all([closed(server), closed(tls)]);
      },
    };
  }

  let middle: Middle;
  beforeAll(() => vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0"));
  afterAll(() => void vi.unstubAllEnvs());
  afterEach(() => middle[Symbol.asyncDispose]());

  test.each(wires)(
    "nothing is sent over %s when the handshake outlasts the deadline",
    async (protocol) => {
      middle = await startMiddle();
      middle.hold();
      const client = clientOf(protocol, { baseUrl: middle.url });
      const add = client.management.addGoogleProvider(google, { timeoutMs: 100 });
      expect(await failureOf(add)).toMatchObject({ reason: "deadline", outcome: "not_done" });
      middle.release();
      expect((await client.management.listProviders({})).result).toEqual([]);
      expect(emulator.log.map(({ rpc }) => rpc).join()).not.toContain("AddGoogleProvider");
      await client.close();
    },
  );

  const damages: [string, Uint8Array][] = [
    ["plain bytes", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["a damaged record", Buffer.from([23, 3, 3, 0, 32, ...Array<number>(32).fill(7)])],
    ["an alert", Buffer.from([21, 3, 3, 0, 2, 2, 20])],
  ];
  describe.each(wires)("over %s", (protocol) => {
    test.each(damages)("%s instead of the response leave the outcome unknown", async (_, bytes) => {
      middle = await startMiddle();
      const client = clientOf(protocol, { baseUrl: middle.url, retry: false });
      await client.management.listProviders({});
      emulator.inject({
        fault: { type: "delay", ms: 1000, when: "after" },
        rpc: "AddGoogleProvider",
      });
      const add = failureOf(client.management.addGoogleProvider(google));
      await expect.poll(async () => (await listed()).length, { interval: 10 }).toBe(1);
      middle.damage(bytes);
      expect(await add).toMatchObject({ outcome: "unknown", attempts: 1 });
      await client.close();
    });
  });

  async function listed(): Promise<unknown[]> {
    await using client = clientOf("json");
    return (await client.management.listProviders({})).result;
  }
});

async function listenOn(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

describe.each(wires)("over %s, a client with a call that hangs", (protocol) => {
  let silent: UnresponsiveServer;
  beforeAll(async () => {
    silent = await startUnresponsiveServer();
  });
  afterAll(() => silent[Symbol.asyncDispose]());

  test("ends it when it is closed with force", async () => {
    const client = clientOf(protocol, { baseUrl: silent.url });
    const requested = silent.waitForRequest();
    const add: Promise<ZitadelError> = failureOf(client.management.addGoogleProvider(google));
    await requested;
    const closing = client.close();
    await client.close({ force: true });
    await closing;
    expect(await add).toMatchObject({
      reason: "closed",
      rawMessage: "the client was closed during the call",
      outcome: "unknown",
    });
  });
});
