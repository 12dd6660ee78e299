import * as http2 from "node:http2";
import * as net from "node:net";
import { runInNewContext } from "node:vm";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Protocol } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import type { AttemptFacts } from "../../src/call/attempt-facts.js";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { provesUnsent } from "../../src/call/proves-unsent.js";
import { listenOnLoopback } from "../support/listen-on-loopback.js";
import {
  startFixedServer,
  startHttp1Server,
  startTlsServer,
  createSelfSigned,
} from "../support/wrong-servers.js";

type WithFetch = (options: { baseUrl: string; fetch: typeof fetch }) => Transport;
const wires: [Protocol, (options: { baseUrl: string }) => Transport][] = [
  ["json", createJsonTransport],
  ["grpc", createGrpcTransport],
  ["grpc-web", createGrpcWebTransport],
];
let credentials: { key: string; cert: string };
let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  credentials = await createSelfSigned();
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterAll(() => emulator.close());

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error("x"), { code, ...more });

/** Runs code in another realm, as Jest runs tests: its errors are no instances of the `Error` of this realm. */
const inOtherRealm = (code: string): unknown => runInNewContext(code);
const refused = 'Object.assign(new Error("x"), { code: "ECONNREFUSED", syscall: "connect" })';

describe("proves that nothing was sent", () => {
  test.each<[string, unknown]>([
    ["a refused connection", coded("ECONNREFUSED", { syscall: "connect" })],
    ["one that took too long to be made", coded("ETIMEDOUT", { syscall: "connect" })],
    ["a name without an address", coded("ENOTFOUND", { syscall: "getaddrinfo" })],
    ["no network", coded("ENETUNREACH", { syscall: "connect" })],
    ["fetch's own timeout", coded("UND_ERR_CONNECT_TIMEOUT")],
    ["a certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT")],
    ["a certificate that OpenSSL rejects", coded("ERR_SSL_CERTIFICATE_VERIFY_FAILED")],
    ["Bun's own code", coded("ConnectionRefused")],
    ["a session that is closed", coded("ERR_HTTP2_GOAWAY_SESSION")],
    [
      "a deeply nested cause",
      new Error("a", { cause: new TypeError("b", { cause: coded("ENOTFOUND") }) }),
    ],
    [
      "all addresses",
      new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH", { syscall: "connect" })]),
    ],
    ["an error of another realm", inOtherRealm(refused)],
    ["all addresses, in another realm", inOtherRealm(`new AggregateError([${refused}])`)],
  ])("%s", (_, error) => {
    expect(provesUnsent(error)).toBe(true);
  });
});

describe("does not prove that nothing was sent", () => {
  const circle = new Error("x");
  circle.cause = circle;
  test.each<[string, unknown]>([
    ["a reset connection", coded("ECONNRESET", { syscall: "read" })],
    ["a reset without details", coded("ECONNRESET")],
    ["a host that got lost", coded("EHOSTUNREACH", { syscall: "read" })],
    ["a write that timed out", coded("ETIMEDOUT", { syscall: "write" })],
    ["a socket that was closed", coded("UND_ERR_SOCKET")],
    ["an answer that is late", coded("UND_ERR_HEADERS_TIMEOUT")],
    ["something else than TLS", coded("ERR_SSL_WRONG_VERSION_NUMBER")],
    ["damaged TLS in the midst", coded("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC")],
    ["TLS that ends in the midst", coded("ERR_SSL_UNEXPECTED_EOF_WHILE_READING")],
    [
      "one address without a known outcome",
      Object.assign(new AggregateError([coded("ECONNREFUSED"), new Error("x")]), {
        code: "ECONNREFUSED",
      }),
    ],
    [
      "one address without a known outcome, in another realm",
      inOtherRealm(
        `Object.assign(new AggregateError([${refused}, new Error("x")]), { code: "ECONNREFUSED" })`,
      ),
    ],
    ["a Connect error", new ConnectError("x", Code.Unavailable)],
    ["the texts of browsers", new TypeError("Failed to fetch")],
    ["causes in a circle", circle],
    ["no error", "ECONNREFUSED"],
    ["nothing", undefined],
  ])("%s", (_, error) => {
    expect(provesUnsent(error)).toBe(false);
  });
});

describe.each(wires)("over %s, the evidence about a failure is", (protocol, make) => {
  async function failed(baseUrl: string, secret: unknown = "s"): Promise<ConnectError> {
    const client = createClient(ManagementService, make({ baseUrl }));
    const add = client.addGoogleProvider({ clientSecret: secret as string }, { timeoutMs: 8000 });
    return ConnectError.from(
      await add.then(
        () => "it went well",
        (error: unknown) => error,
      ),
    );
  }
  async function known(
    start: Promise<{ port: number; close(): Promise<void> }>,
    scheme = "http",
  ): Promise<AttemptFacts> {
    const server = await start;
    const evidence = AttemptError.factsOf(await failed(`${scheme}://localhost:${server.port}`));
    await server.close();
    return evidence;
  }

  test("that nothing was sent, if nothing listens", async () => {
    const server = await startHttp1Server({ status: 200 });
    await server.close();
    const error = await failed(`http://localhost:${server.port}`);
    expect(AttemptError.factsOf(error)).toMatchObject({ notDone: "unsent" });
    expect(error.code).toBe(Code.Unavailable);
  });

  test("that nothing was sent, if the certificate is not trusted", async () => {
    expect(await known(startTlsServer(protocol, credentials), "https")).toMatchObject({
      notDone: "unsent",
    });
  });

  test("that nothing was sent, if the TLS handshake fails", async () => {
    const dropping = listenOnLoopback(
      net.createServer((socket) => socket.once("data", () => socket.destroy())),
    );
    expect(await known(dropping, "https")).toMatchObject({ notDone: "unsent" });
  });

  test("only that the connection broke, if it breaks after the request", async () => {
    const breaking =
      protocol === "grpc"
        ? http2.createServer().on("stream", (stream) => stream.session?.destroy())
        : net.createServer((socket) => socket.once("data", () => socket.destroy()));
    const { connectionBroke, notDone, httpStatus } = await known(listenOnLoopback(breaking));
    expect({ connectionBroke, notDone, httpStatus }).toEqual({ connectionBroke: true });
  });

  test("the status, if a proxy responds", async () => {
    const { httpStatus, isFromZitadel = false } = await known(
      startFixedServer(protocol, { status: 503 }),
    );
    expect({ httpStatus, isFromZitadel }).toEqual({ httpStatus: 503, isFromZitadel: false });
  });

  test("that ZITADEL itself responded, if it did", async () => {
    const error = await failed(listener.url);
    expect(error.rawMessage).toBe("auth header missing");
    expect(AttemptError.factsOf(error).isFromZitadel).toBe(true);
  });
});

describe("nothing is sent, and the error says so,", () => {
  const header = { authorization: "Bearer x\ny" };
  test.each<[string, string, WithFetch, Code, object, HeadersInit?]>([
    ["a header cannot be sent", "json", createJsonTransport, Code.InvalidArgument, {}, header],
    [
      "a header cannot be sent",
      "grpc-web",
      createGrpcWebTransport,
      Code.InvalidArgument,
      {},
      header,
    ],
    [
      "a field is of a wrong type",
      "json",
      createJsonTransport,
      Code.InvalidArgument,
      { clientSecret: 1 },
    ],
    [
      "a message is none",
      "json",
      createJsonTransport,
      Code.InvalidArgument,
      { providerOptions: "x" },
    ],
    // The code of connect-web. The facade makes both the same.
    [
      "a message is none",
      "grpc-web",
      createGrpcWebTransport,
      Code.Internal,
      { providerOptions: "x" },
    ],
  ])("when %s, over %s", async (_what, _protocol, make, code, input, headers) => {
    let asked = 0;
    const fetch = (): Promise<Response> => Promise.reject(new Error(`request ${++asked}`));
    const client = createClient(ManagementService, make({ baseUrl: "http://localhost", fetch }));
    const error: unknown = await client
      .addGoogleProvider(input, headers && { headers })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code });
    expect(AttemptError.factsOf(error)).toMatchObject({ notDone: "unsent" });
    expect(asked).toBe(0);
  });
});
