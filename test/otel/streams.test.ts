import { once } from "node:events";
import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { DescMethodServerStreaming } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createGrpcTransport,
  Http2SessionManager,
} from "@connectrpc/connect-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { withTelemetry } from "zitadel-idp/otel";
import { buildStreamingMethod } from "../support/descriptors.js";
import { startTelemetry, type Telemetry } from "./telemetry.js";

const watch: DescMethodServerStreaming = buildStreamingMethod({
  rule: { verb: "get", path: "/watch/{id}" },
  types: { id: "string" },
  response_types: { text: "string" },
});

/** The ids that a client may watch. After two messages, the stream ends, fails, or stays open until the client leaves. */
type Id = "end" | "fail" | "stay";

/** The `traceparent` of each request. */
const received: (string | undefined)[] = [];

/** Serves the method in the JSON of grpc-gateway. */
function createJsonServer(): http.Server {
  return http.createServer((request, response) => {
    received.push(String(request.headers["traceparent"]));
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"result":{"text":"a"}}\n{"result":{"text":"b"}}\n');
    const id = request.url?.split("/").at(-1) as Id;
    if (id === "fail") {
      response.write('{"error":{"code":5,"message":"planted text"}}\n');
    }
    if (id !== "stay") {
      response.end();
    }
  });
}

/** Serves the method over gRPC, by connect-node. */
function createGrpcServer(): http2.Http2Server {
  return http2.createServer(
    connectNodeAdapter({
      routes: ({ rpc }) =>
        void rpc(watch, async function* (request, { requestHeader, signal }) {
          received.push(requestHeader.get("traceparent") ?? undefined);
          yield { text: "a" };
          yield { text: "b" };
          const { id } = request as unknown as { id: Id };
          if (id === "fail") {
            throw new ConnectError("planted text", Code.NotFound);
          }
          if (id === "stay") {
            await once(signal, "abort");
          }
        }),
    }),
  );
}

/** A client of a server with streams. */
interface Watcher {
  readonly client: IdpClient;
  close(): void;
}

const wires: [string, () => Server, (baseUrl: string) => Watcher][] = [
  [
    "JSON",
    createJsonServer,
    (baseUrl) => ({
      client: createIdpClient(withTelemetry({ baseUrl, protocol: "json", retry: false })),
      close: () => undefined,
    }),
  ],
  [
    "a transport of connect-node",
    createGrpcServer,
    (baseUrl) => {
      const sessionManager = new Http2SessionManager(baseUrl);
      const transport = createGrpcTransport({ baseUrl, sessionManager });
      return {
        client: createIdpClient(withTelemetry({ transport })),
        close: () => sessionManager.abort(),
      };
    },
  ],
];

let telemetry: Telemetry;
beforeAll(() => {
  telemetry = startTelemetry();
});
afterEach(async () => {
  received.length = 0;
  await telemetry.reset();
});
afterAll(() => telemetry[Symbol.asyncDispose]());

describe.each(wires)("a stream over %s", (wire, createServer, createWatcher) => {
  let server: Server;
  let watcher: Watcher;
  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    watcher = createWatcher(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    watcher.close();
    await watcher.client.close();
    if (server instanceof http.Server) {
      server.closeAllConnections();
    }
    await new Promise((resolve) => server.close(resolve));
  });

  /** Opens a stream and reads it, until `reader` returns false. Returns the error at its end. */
  async function read(
    id: Id,
    options: { signal?: AbortSignal; timeoutMs?: number; reader?: () => boolean } = {},
  ): Promise<ConnectError | undefined> {
    const { signal, timeoutMs, reader = () => true } = options;
    const input = (async function* () {
      yield { id };
    })();
    try {
      const { transport } = watcher.client;
      const { message } = await transport.stream(watch, signal, timeoutMs, undefined, input);
      for await (const each of message) {
        expect(each).toHaveProperty("text");
        if (!reader()) {
          break;
        }
      }
      return undefined;
    } catch (error) {
      return ConnectError.from(error);
    }
  }

  test("is one span until its last message", async () => {
    await telemetry.within("handler", () => read("end"));
    const isGrpc = wire !== "JSON";
    expect(telemetry.tree()).toEqual({
      name: "INTERNAL handler",
      status: "UNSET",
      attributes: {},
      children: [
        {
          name: "CLIENT test.v1.TestService/Watch",
          status: "UNSET",
          attributes: {
            "rpc.system.name": isGrpc ? "grpc" : "http",
            "rpc.method": "test.v1.TestService/Watch",
            "rpc.status_code": "OK",
            // The client does not know the server of another transport.
            ...(!isGrpc && {
              "server.address": "127.0.0.1",
              "server.port": (server.address() as AddressInfo).port,
            }),
          },
          children: [],
        },
      ],
    });
    const { traceId, spanId } = telemetry.spans[0]?.spanContext() ?? {};
    expect(received).toEqual([`00-${traceId}-${spanId}-01`]);
  });

  test("that fails between messages has the code, and no text that may hold a secret", async () => {
    expect((await read("fail"))?.code).toBe(Code.NotFound);
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "rpc.status_code": "NOT_FOUND", "error.type": "NOT_FOUND" },
    });
    expect(telemetry.spans[0]?.status.message).toBeUndefined();
  });

  test("that its caller aborts is cancelled", async () => {
    const user = new AbortController();
    let count = 0;
    const reader = (): boolean => {
      if (++count === 2) {
        user.abort();
      }
      return true;
    };
    const error = await read("stay", { signal: user.signal, reader });
    expect(error?.code).toBe(Code.Canceled);
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "rpc.status_code": "CANCELLED" },
    });
  });

  test("that reaches its deadline has the code deadline_exceeded", async () => {
    const error = await read("stay", { timeoutMs: 100 });
    expect(error?.code).toBe(Code.DeadlineExceeded);
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "rpc.status_code": "DEADLINE_EXCEEDED" },
    });
  });

  test("whose reader stops is open until its signal aborts", async () => {
    const user = new AbortController();
    await read("stay", { signal: user.signal, reader: () => false });
    expect(telemetry.spans).toEqual([]);
    user.abort();
    expect(telemetry.tree()).toMatchObject({ attributes: { "rpc.status_code": "CANCELLED" } });
  });

  test("without a reader ends with its signal", async () => {
    const user = new AbortController();
    const input = (async function* () {
      yield { id: "stay" };
    })();
    await watcher.client.transport.stream(watch, user.signal, undefined, undefined, input);
    expect(telemetry.spans).toEqual([]);
    user.abort();
    expect(telemetry.tree()).toMatchObject({ attributes: { "rpc.status_code": "CANCELLED" } });
  });

  test("is measured once", async () => {
    await read("end");
    const { "rpc.client.call.duration": duration } = await telemetry.metrics();
    expect(duration?.dataPoints).toMatchObject([
      { attributes: { "rpc.method": "test.v1.TestService/Watch", "rpc.status_code": "OK" } },
    ]);
  });
});
