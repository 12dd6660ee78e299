import { once } from "node:events";
import { connect as connectHttp2, type ClientHttp2Session, constants } from "node:http2";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { FaultRules } from "../../src/emulator/faults/fault-rules.js";
import {
  defaultConnectionLimits,
  type ConnectionLimits,
} from "../../src/emulator/http/connection-limits.js";
import { listen } from "../../src/emulator/listen.js";
import { RequestLog } from "../../src/emulator/log/request-log.js";
import { createRequestHandler } from "../../src/emulator/create-request-handler.js";
import type { WireRequest } from "../../src/emulator/wire/http-message.js";
import { isBrokenConnection } from "../../src/emulator/wire/broken-connection.js";
import { createInstanceFactory } from "../../src/emulator/emulator-instance.js";
import { hostileToken, mutate, randomBytes, randomRequest } from "../support/hostile-requests.js";
import { createRandom, type Random } from "../support/random-message.js";
import { sendRaw } from "../support/raw-http.js";
import type { RequestHandler } from "../../src/emulator/http/request-handler.js";

const seed = {
  organizations: [{ id: "1", name: "Acme" }],
  serviceUsers: [
    { name: "owner", organization: "1", token: hostileToken, instanceRoles: ["IAM_OWNER"] },
  ],
};

let collectGarbage: () => void;
beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void;
});

/** Returns the size of the heap after garbage collection, in MB. */
function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

describe("20,000 damaged requests", () => {
  test("each get a response from the emulator, and leak no memory", async () => {
    const createInstance = createInstanceFactory(seed);
    let instance = createInstance();
    const log = new RequestLog(100, undefined);
    const handleRequest = createRequestHandler(() => instance, new FaultRules(), log);
    const random = createRandom(1);
    const { signal } = new AbortController();
    // Stack traces are off because the test runner maps each frame, which would dominate the test.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const outcomes = new Map<string, number>();
    let before = 0;
    for (let count = 0; count < 20_000; count++) {
      if (count % 2500 === 0) {
        instance = createInstance();
      }
      if (count === 2500) {
        before = heapMb();
      }
      const request = randomRequest(random);
      const outcome = await handleRequest(request, signal);
      const { protocol, code = "ok" } = log.entries.at(-1) ?? {};
      outcomes.set(`${protocol} ${code}`, (outcomes.get(`${protocol} ${code}`) ?? 0) + 1);
      if (isBrokenConnection(outcome) || (outcome.status === 500 && code === "ok")) {
        throw new Error(`input ${count}: no answer to ${describeRequest(request)}`);
      }
    }
    Error.stackTraceLimit = stackTraceLimit;
    instance = createInstance();
    expect(heapMb() - before).toBeLessThan(20);
    // The damage is mild enough to get far: some calls succeed, and some fail in each layer.
    for (const wire of ["grpc", "grpc-web", "json"]) {
      for (const code of ["ok", "unauthenticated", "invalid_argument", "not_found", "internal"]) {
        expect(outcomes.get(`${wire} ${code}`), `${wire} ${code}`).toBeGreaterThan(5);
      }
    }
  });
});

function describeRequest({ body, ...head }: WireRequest): string {
  return JSON.stringify({ ...head, body: Buffer.from(body).toString("base64") });
}

let emulator: Emulator;
let listener: Listener;
beforeEach(async () => {
  emulator = createEmulator({ seed });
  listener = await emulator.listen();
});
afterEach(() => emulator.close());

/** Checks that the emulator still answers over all three wire protocols. */
async function isWell(url = listener.url): Promise<void> {
  for (const protocol of ["grpc", "grpc-web", "json"] as const) {
    await using client = createIdpClient({ baseUrl: url, auth: hostileToken, protocol });
    const { id } = await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
    await client.management.deleteProvider({ id });
  }
}

function open(port = listener.port): Socket {
  // Any fate of the connection is fine for a hostile client.
  return connect(port, "127.0.0.1").on("error", () => undefined);
}

/** Sends bytes, ends the connection, and waits until it is closed. */
async function throwAt(port: number, bytes: Uint8Array): Promise<void> {
  const socket = open(port);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resume().end(bytes);
  await closed;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const emptySettings = Buffer.from("000000040000000000", "hex");

function http2Frame(random: Random): Buffer {
  const payload = randomBytes(random, 40);
  const head = Buffer.alloc(9);
  head.writeUIntBE(random.chance(0.9) ? payload.length : random.integer(2 ** 24), 0, 3);
  head[3] = random.integer(12);
  head[4] = random.integer(256);
  head.writeUInt32BE(random.pick([0, 1, 1, 3, 2, random.integer(2 ** 31)]), 5);
  return Buffer.concat([head, payload]);
}

const http1Request = Buffer.from(
  `POST /management/v1/idps/google HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${hostileToken}\r\n` +
    'Transfer-Encoding: chunked\r\n\r\n1e\r\n{"clientId":"c","x":"yyyyyyyy"}\r\n0\r\n\r\n',
);

describe("thousands of hostile connections", () => {
  test.each<[string, (random: Random) => Uint8Array]>([
    ["random bytes", (random) => randomBytes(random, 300)],
    ["damaged HTTP/1.1", (random) => mutate(http1Request, random)],
    [
      "random HTTP/2 frames",
      (random) =>
        Buffer.concat([
          preface,
          ...(random.chance(0.8) ? [emptySettings] : []),
          ...Array.from({ length: random.integer(8) }, () => http2Frame(random)),
        ]),
    ],
    ["damaged prefaces", (random) => mutate(Buffer.concat([preface, emptySettings]), random)],
  ])("of %s leave the emulator responsive, and leak no memory", async (_, make) => {
    await using target = await listenWith({ prefaceMs: short, pingIntervalMs: short });
    const random = createRandom(2);
    const volley = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += 250) {
        await Promise.all(Array.from({ length: 250 }, () => throwAt(target.port, make(random))));
      }
    };
    await volley(250);
    const before = heapMb();
    await volley(1250);
    await isWell(target.url);
    expect(heapMb() - before).toBeLessThan(20);
  });
});

/** Reads until the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks).toString("latin1");
}

describe("an HTTP/1.1 request", () => {
  test.each([
    ["without a host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header"],
    [
      "with two hosts",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "400 Bad Request: too many Host headers",
    ],
    ["without a valid request line", "what\r\n\r\n", "400 Bad Request"],
    ["with an unnamed header", "GET / HTTP/1.1\r\n: x\r\n\r\n", "400 Bad Request"],
    [
      "of another version",
      "GET / HTTP/4.2\r\n\r\n",
      "505 HTTP Version Not Supported: unsupported protocol version",
    ],
    [
      "with headers of 1.1 MB",
      `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${"x".repeat(1_100_000)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
    ],
  ])("%s gets a plain text response, and the connection ends", async (_, bytes, status) => {
    const socket = open();
    socket.write(bytes);
    expect(await readAll(socket)).toBe(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
    );
  });

  test("of HTTP/1.0 succeeds without a host", async () => {
    const socket = open();
    socket.write("GET /debug/healthz HTTP/1.0\r\n\r\n");
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.0 200 OK\r\n[^]*ok$/);
  });
});

describe("a body", () => {
  const path = "/management/v1/idps/google";
  const headers = { authorization: `Bearer ${hostileToken}` };
  const json = (bytes: number): Buffer => Buffer.from(`{"clientId":"${"x".repeat(bytes)}"}`);

  test("of 12 MiB is rejected for the size of its message, as by the gateway", async () => {
    const body = json(12 * 1024 * 1024);
    const response = await sendRaw(listener.port, { method: "POST", path, headers, body });
    expect([response.status, JSON.parse(response.body.toString())]).toMatchObject([
      429,
      { code: 8, message: "grpc: received message larger than max (12582917 vs. 4194304)" },
    ]);
  });

  test.each([1, 2] as const)("over 16 MiB is not read to its end over HTTP/%d", async (version) => {
    const body = json(40 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const response = await sendRaw(listener.port, { version, method: "POST", path, headers, body });
    expect([response.status, response.body.toString()]).toEqual([
      413,
      "the body is larger than 16777216 bytes",
    ]);
    collectGarbage();
    expect((process.memoryUsage().arrayBuffers - before) / 1e6).toBeLessThan(45);
  });

  test("over 16 MiB is rejected by gRPC like any message over 4 MiB", async () => {
    const body = Buffer.alloc(20 * 1024 * 1024);
    body.writeUInt32BE(body.length - 5, 1);
    const { trailers } = await sendRaw(listener.port, {
      version: 2,
      method: "POST",
      path: "/zitadel.management.v1.ManagementService/AddGoogleProvider",
      headers: { ...headers, "content-type": "application/grpc" },
      body,
    });
    expect(trailers).toMatchObject({
      "grpc-status": "8",
      "grpc-message": "grpc: received message larger than max (20971515 vs. 4194304)",
    });
  });

  test("of JSON with a million levels is rejected", async () => {
    const body = Buffer.from('{"providerOptions":'.repeat(500_000) + "[".repeat(500_000));
    const { status } = await sendRaw(listener.port, { method: "POST", path, headers, body });
    expect(status).toBe(400);
    await isWell();
  });

  test("of gRPC-web text that is not base64 counts as a frame that is too short", async () => {
    const response = await sendRaw(listener.port, {
      method: "POST",
      path: "/zitadel.management.v1.ManagementService/AddGoogleProvider",
      headers: { ...headers, "content-type": "application/grpc-web-text" },
      body: Buffer.from("!!!!"),
    });
    expect(response.headers).toMatchObject({ "grpc-status": "2", "grpc-message": "EOF" });
  });
});

/** A limit that a test can wait for, and that still exceeds the delays of a well-behaved client on a busy machine. */
const short = 250;

/** Creates a listener with limits that a test can wait for. */
async function listenWith(limits: Partial<ConnectionLimits>): Promise<Listener> {
  const instance = createInstanceFactory(seed)();
  const handleRequest: RequestHandler = createRequestHandler(
    () => instance,
    new FaultRules(),
    new RequestLog(10, undefined),
  );
  return listen(
    handleRequest,
    "localhost",
    {},
    { ...defaultConnectionLimits, lingerMs: 50, ...limits },
  );
}

const head = `POST /management/v1/idps/google HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n`;

describe("a slow client", () => {
  test.each<[string, Partial<ConnectionLimits>, string, RegExp]>([
    ["that sends nothing", { prefaceMs: short }, "", /^$/],
    ["in the middle of the preface", { prefaceMs: short }, "PRI * HT", /^$/],
    ["in the middle of the head", { headMs: short }, head, /^HTTP\/1.1 408 Request Timeout\r\n/],
    [
      "in the middle of the body",
      { bodyMs: short },
      `${head}\r\n{`,
      /^HTTP\/1.1 408 Request Timeout\r\n/,
    ],
    [
      "before the next request",
      { idleMs: short },
      "GET /debug/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      /^HTTP\/1.1 200 OK\r\n/,
    ],
  ])("%s gets an error or is disconnected", async (_, limits, bytes, answer) => {
    await using slow = await listenWith(limits);
    const socket = open(slow.port);
    socket.write(bytes);
    expect(await readAll(socket)).toMatch(answer);
    await isWell(slow.url);
  });

  test("in the middle of an HTTP/2 body gets an error, and its connection stays open", async () => {
    await using slow = await listenWith({ bodyMs: short });
    const session = connectHttp2(slow.url);
    const request = session.request({ ":method": "POST", ":path": "/management/v1/idps/google" });
    request.write("{");
    const [{ ":status": status }] = (await once(request, "response")) as [{ ":status": number }];
    request.resume();
    await once(request, "close");
    expect([status, session.destroyed]).toEqual([408, false]);
    session.destroy();
  });

  test("with many large bodies at once gets 503 for some, so that their sum is limited", async () => {
    await using small = await listenWith({ unfinishedBytes: 1_000_000 });
    const first = open(small.port);
    const large = head.replace("100", "900000");
    first.write(`${large}\r\n${"x".repeat(600_000)}`);
    let answer = "";
    // The second request may pass until the emulator has counted the bytes of the first.
    while (!answer.startsWith("HTTP/1.1 503")) {
      const second = open(small.port);
      second.write(`${large}\r\n${"x".repeat(600_000)}`);
      const [data] = await Promise.race([once(second, "data"), once(first, "data")]);
      answer = String(data);
      second.destroy();
    }
    first.destroy();
    await isWell(small.url);
  });
});

describe("a flood over HTTP/2", () => {
  /** Sends raw frames after the preface until the server ends the connection or all frames are sent. */
  const flood = async (
    port: number,
    frame: (index: number) => Buffer,
    count: number,
  ): Promise<void> => {
    const socket = open(port);
    socket.resume();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(Buffer.concat([preface, emptySettings]));
    for (let index = 0; index < count && !socket.destroyed; index += 100) {
      const frames = Array.from({ length: 100 }, (_, each) => frame(index + each));
      if (!socket.write(Buffer.concat(frames)) && !socket.destroyed) {
        const drained = new Promise((resolve) => socket.once("drain", resolve));
        await Promise.race([drained, closed]);
      }
    }
    socket.end();
    await closed;
  };
  const frameOf = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header[3] = type;
    header[4] = flags;
    header.writeUInt32BE(stream, 5);
    return Buffer.concat([header, payload]);
  };
  // The header block of GET / from http://localhost: static table 2, 4, 6, and the authority as a literal.
  const get = Buffer.concat([Buffer.from("8284860109", "hex"), Buffer.from("localhost")]);
  const four = Buffer.from("00000008", "hex");

  test.each<[string, (index: number) => Buffer]>([
    ["pings", () => frameOf(6, 0, 0, Buffer.alloc(8))],
    ["settings", () => frameOf(4, 0, 0, Buffer.alloc(0))],
    ["empty data", () => frameOf(0, 0, 1, Buffer.alloc(0))],
    ["window updates", () => frameOf(8, 0, 0, Buffer.from("00000001", "hex"))],
    [
      "streams that are reset at once",
      (index) =>
        Buffer.concat([frameOf(1, 4, 2 * index + 1, get), frameOf(3, 0, 2 * index + 1, four)]),
    ],
    ["headers that never end", (index) => frameOf(index === 0 ? 1 : 9, 0, 1, get)],
  ])("of %s leaves the emulator responsive, and leaks no memory", async (_, frame) => {
    await using target = await listenWith({ pingIntervalMs: short });
    await flood(target.port, frame, 1000);
    const before = heapMb();
    await flood(target.port, frame, 20_000);
    await isWell(target.url);
    expect(heapMb() - before).toBeLessThan(20);
  });

  test("of streams beyond the limit lets a client that respects the limit complete them all", async () => {
    const session: ClientHttp2Session = connectHttp2(listener.url);
    await once(session, "remoteSettings");
    const codes = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const stream = session.request({ ":path": "/debug/healthz" }).on("error", () => undefined);
        stream.resume();
        await once(stream, "close");
        return stream.rstCode;
      }),
    );
    expect(new Set(codes)).toEqual(new Set([constants.NGHTTP2_NO_ERROR]));
    session.destroy();
    await isWell();
  });
});
