import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toJson } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createClient,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { createJsonTransport, type JsonTransportOptions } from "../../src/json-transport.js";
import {
  buildMethod,
  buildStreamingMethod,
  type Rule,
  type Types,
} from "../support/descriptors.js";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

let server: Server;
let baseUrl: string;
let handler: Handler;
let seen: Seen[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body,
      });
      handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const rule: Rule = { verb: "post", path: "/x/{id}", body: "*" };
const types: Types = { id: "string", text: "string" };
const method = buildMethod({ rule, types, response_types: { text: "string" } });

function json(body: unknown, status = 200): Handler {
  return (_, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function transport(options: Partial<JsonTransportOptions> = {}): Transport {
  return createJsonTransport({ baseUrl, ...options });
}

function call(
  options: Partial<JsonTransportOptions> & {
    signal?: AbortSignal;
    timeoutMs?: number;
    header?: HeadersInit;
  } = {},
): ReturnType<Transport["unary"]> {
  const { signal, timeoutMs, header, ...rest } = options;
  return transport(rest).unary(method, signal, timeoutMs, header, { id: "1", text: "t" });
}

const change: Interceptor = (next) => async (request) =>
  await next(
    request.stream
      ? request
      : { ...request, message: { ...request.message, id: "2" } as typeof request.message },
  );

/** Never responds. */
const never: Handler = () => {};

const throwing: typeof fetch = () => {
  throw new TypeError("no network");
};

const lines =
  (status: number, ...chunks: string[]): Handler =>
  (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    for (const chunk of chunks) {
      response.write(chunk);
    }
    response.end();
  };

async function failure(attempt: Promise<unknown>): Promise<ConnectError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

function start(answer: Handler): void {
  handler = answer;
  seen = [];
}

describe("a call", () => {
  test("is one HTTP request with the headers of the caller", async () => {
    start(json({ text: "hello" }));
    const { message, header } = await call({
      header: { authorization: "Bearer t", "content-type": "text/plain" },
    });
    expect(toJson(method.output, message)).toEqual({ text: "hello" });
    expect(header.get("content-type")).toBe("application/json");
    expect(seen).toMatchObject([
      {
        method: "POST",
        url: "/x/1",
        body: '{"text":"t"}',
        headers: {
          authorization: "Bearer t",
          accept: "application/json",
          "content-type": "application/json",
        },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty("grpc-timeout");
  });

  test("has no content type without a body", async () => {
    start(json({}));
    const bodyless = buildMethod({ rule: { verb: "delete", path: "/x" } });
    await transport().unary(bodyless, undefined, undefined, undefined, {});
    expect(seen[0]?.headers).not.toHaveProperty("content-type");
    expect(seen[0]).toMatchObject({ method: "DELETE", body: "" });
  });

  test.each([
    ["", "/x/1"],
    ["/", "/x/1"],
    ["/zitadel", "/zitadel/x/1"],
    ["/zitadel//", "/zitadel/x/1"],
  ])("keeps the path %j of the base URL", async (path, url) => {
    start(json({}));
    await call({ baseUrl: baseUrl + path });
    expect(seen[0]?.url).toBe(url);
  });

  test("of a ZITADEL service uses the path prefix of its gateway", async () => {
    start(json({}));
    await createClient(ManagementService, transport()).getProviderByID({ id: "1" });
    await createClient(AdminService, transport()).getProviderByID({ id: "2" });
    expect(seen.map(({ url }) => url)).toEqual([
      "/management/v1/idps/templates/1",
      "/admin/v1/idps/templates/2",
    ]);
  });

  test("gives a caller's fetch the URL as text and an init of plain values", async () => {
    const calls: unknown[][] = [];
    await call({
      baseUrl: "https://h.example",
      fetch: async (...args) => {
        calls.push(args);
        return Response.json({ text: "x" });
      },
    });
    const [[url, init] = []] = calls;
    expect(url).toBe("https://h.example/x/1");
    const { signal, ...plain } = init as RequestInit;
    expect(signal).toBeInstanceOf(AbortSignal);
    expect(structuredClone(plain)).toEqual({
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: '{"text":"t"}',
      redirect: "manual",
    });
  });

  test("reads a response of 20 MB", async () => {
    const text = "x".repeat(20_000_000);
    start(json({ text }));
    const { message } = await call();
    expect(message).toHaveProperty("text", text);
  });

  test("sends and returns the bytes of an HttpBody unchanged", async () => {
    start((_, response, body) =>
      response.writeHead(200, { "content-type": "image/png" }).end(body.toUpperCase()),
    );
    const raw = buildMethod({
      rule: { verb: "post", path: "/x", body: "file", response_body: "file" },
      types: { file: "google.api.HttpBody" },
      response_types: { file: "google.api.HttpBody" },
    });
    const file = { contentType: "text/plain", data: new TextEncoder().encode("abc") };
    const { message } = await transport().unary(raw, undefined, undefined, undefined, {
      file,
    });
    expect(seen[0]).toMatchObject({ body: "abc", headers: { "content-type": "text/plain" } });
    expect(toJson(raw.output, message)).toEqual({
      file: { contentType: "image/png", data: "QUJD" },
    });
  });

  test("is rejected before sending if a value has the wrong type, without repeating it", async () => {
    start(json({}));
    const message = { id: "1", text: { s3cret: 1 } };
    const error = await failure(
      transport().unary(method, undefined, undefined, undefined, message),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain("field test.v1.Request.text");
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("s3cret");
    expect(seen).toEqual([]);
  });

  test("is rejected before sending if a field does not fit the path, without repeating the value", async () => {
    start(json({}));
    const attempt = transport().unary(method, undefined, undefined, undefined, {
      id: "..",
      text: "s3cret",
    });
    const error = await failure(attempt);
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain('field "id"');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("s3cret");
    expect(seen).toEqual([]);
  });
});

describe("interceptors", () => {
  test("see the request in order, and their changes are sent", async () => {
    start(json({ text: "answer" }));
    const order: string[] = [];
    const named =
      (name: string): Interceptor =>
      (next) =>
      async (request) => {
        order.push(`${name} ${request.requestMethod} ${request.url.slice(baseUrl.length)}`);
        request.header.set(name, "1");
        const response = await next(request);
        order.push(`${name} done`);
        return response;
      };
    await call({ interceptors: [named("one"), named("two"), change] });
    expect(order).toEqual(["one POST /x/1", "two POST /x/1", "two done", "one done"]);
    expect(seen).toMatchObject([{ url: "/x/2", headers: { one: "1", two: "1" } }]);
  });

  test("may replace the URL", async () => {
    start(json({}));
    await call({
      interceptors: [
        (next) => async (request) => await next({ ...request, url: `${baseUrl}/other` }),
      ],
    });
    expect(seen[0]?.url).toBe("/other");
  });
});

describe("deadlines and aborts", () => {
  test.each([
    [{ timeoutMs: 5000 }, 5000],
    [{ defaultTimeoutMs: 7000 }, 7000],
    [{ defaultTimeoutMs: 7000, timeoutMs: 5000.5 }, 5001],
  ])("%j is sent as grpc-timeout of at most %i ms", async (options, most) => {
    start(json({}));
    await call(options);
    const [, ms] = /^(\d+)m$/.exec(String(seen[0]?.headers["grpc-timeout"])) ?? [];
    expect(Number(ms)).toBeLessThanOrEqual(most);
    // The time that the client itself needs is left out.
    expect(Number(ms)).toBeGreaterThan(most - 1000);
  });

  test.each([
    [{ defaultTimeoutMs: 7000, timeoutMs: 0 }, undefined],
    [{ timeoutMs: 200_000_000 }, "200000S"],
  ])("%j is sent as grpc-timeout %s", async (options, value) => {
    start(json({}));
    await call(options);
    expect(seen[0]?.headers["grpc-timeout"]).toBe(value);
  });

  test("a deadline ends the call with Connect's own error", async () => {
    start(never);
    const error = await failure(call({ timeoutMs: 50 }));
    expect([error.code, error.rawMessage]).toEqual([
      Code.DeadlineExceeded,
      "the operation timed out",
    ]);
  });

  test("a deadline covers reading the body", async () => {
    start((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).write('{"text":'),
    );
    const error = await failure(call({ timeoutMs: 200 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  test("an abort ends the call as canceled", async () => {
    const controller = new AbortController();
    start(() => controller.abort());
    const error = await failure(call({ signal: controller.signal }));
    expect([error.code, error.rawMessage]).toEqual([Code.Canceled, "This operation was aborted"]);
  });

  test("a call whose signal has already aborted is not sent", async () => {
    start(json({}));
    expect((await failure(call({ signal: AbortSignal.abort() }))).code).toBe(Code.Canceled);
    expect(seen).toEqual([]);
  });
});

describe("failures", () => {
  test("of the server keep code, text, details and headers", async () => {
    const detail = {
      "@type": "type.googleapis.com/zitadel.v1.ErrorDetail",
      id: "QUERY-SAFrt",
      message: "gone",
    };
    start((_, response) =>
      response
        .writeHead(400, { "content-type": "application/json", "x-request-id": "r" })
        .end(JSON.stringify({ code: 9, message: "gone (QUERY-SAFrt)", details: [detail] })),
    );
    const error = await failure(call());
    expect([error.code, error.rawMessage]).toEqual([Code.FailedPrecondition, "gone (QUERY-SAFrt)"]);
    expect(error.findDetails(ErrorDetailSchema)).toMatchObject([
      { id: "QUERY-SAFrt", message: "gone" },
    ]);
    expect(error.metadata.get("x-request-id")).toBe("r");
  });

  test.each([301, 302, 303, 307, 308])(
    "a redirect with status %i is not followed",
    async (status) => {
      start((_, response) =>
        response.writeHead(status, { location: `${baseUrl}/elsewhere?token=t` }).end(),
      );
      const error = await failure(call({ header: { authorization: "Bearer t" } }));
      expect(error.code).toBe(Code.Unknown);
      expect(error.rawMessage).toContain(`HTTP ${status}`);
      expect(error.rawMessage).toContain("/elsewhere");
      expect(error.rawMessage).not.toContain("token");
      expect(seen).toHaveLength(1);
    },
  );

  test("an opaque redirect, as in browsers, is an error too", async () => {
    // Response.error() has the status, headers and body of an opaque redirect: 0 and none.
    const error = await failure(call({ fetch: async () => Response.error() }));
    expect([error.code, error.rawMessage]).toEqual([
      Code.Unknown,
      expect.stringContaining("a redirect"),
    ]);
  });

  test("invalid JSON is internal and is not repeated", async () => {
    start((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"text":"s3cret'),
    );
    const error = await failure(call());
    expect(error.code).toBe(Code.Internal);
    expect(error.message).not.toContain("s3cret");
  });

  test("a refused connection is unavailable and keeps the cause", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(call({ baseUrl: `http://127.0.0.1:${port}` }));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toContain("ECONNREFUSED");
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a connection that breaks within the body is unavailable", async () => {
    start((request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"text":', () => request.socket.destroy());
    });
    expect((await failure(call())).code).toBe(Code.Unavailable);
  });

  test("a fetch that throws synchronously is unavailable", async () => {
    expect((await failure(call({ fetch: throwing }))).code).toBe(Code.Unavailable);
  });
});

describe("a server stream", () => {
  const watch = buildStreamingMethod({
    rule: { verb: "get", path: "/watch/{id}" },
    types,
    response_types: { text: "string" },
  });

  async function collect(
    options: Partial<JsonTransportOptions> = {},
  ): Promise<{ texts: unknown[]; error?: ConnectError }> {
    const texts: unknown[] = [];
    const input = (async function* () {
      yield { id: "1" };
    })();
    try {
      const response = await transport(options).stream(
        watch,
        undefined,
        undefined,
        undefined,
        input,
      );
      for await (const message of response.message) {
        texts.push((message as { text?: string }).text);
      }
      return { texts };
    } catch (error) {
      return { texts, error: ConnectError.from(error) };
    }
  }

  test("has one message per line, wherever the chunks end", async () => {
    start(lines(200, '{"result":{"text":"a"}}\n{"res', 'ult":{"text":"ü"}}\n\n', '{"result":{}}'));
    expect(await collect()).toEqual({ texts: ["a", "ü", ""] });
    expect(seen).toMatchObject([{ method: "GET", url: "/watch/1" }]);
  });

  test("may fail after some messages, with the code of the last line", async () => {
    start(lines(200, '{"result":{"text":"a"}}\n{"error":{"code":5,"message":"gone"}}\n'));
    const { texts, error } = await collect();
    expect(texts).toEqual(["a"]);
    expect([error?.code, error?.rawMessage]).toEqual([Code.NotFound, "gone"]);
  });

  test("may fail before the first message, with an HTTP status", async () => {
    start(lines(403, '{"error":{"code":7,"message":"no"}}'));
    expect((await collect()).error?.code).toBe(Code.PermissionDenied);
  });

  test.each(['{"result":{"te', "[]", "null", '{"other":1}'])(
    "fails as internal on the line %s",
    async (line) => {
      start(lines(200, line));
      expect((await collect()).error?.code).toBe(Code.Internal);
    },
  );

  test("rejects a web page", async () => {
    start((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
    expect((await collect()).error?.rawMessage).toContain("text/html");
  });

  test.each<[string, Partial<JsonTransportOptions>]>([
    ["proxy", { proxy: "http://127.0.0.1:9" }],
    ["tls", { tls: { serverName: "acme.example" } }],
  ])("is rejected with the option %s, which fetch would ignore", async (option, options) => {
    start(lines(200, '{"result":{"text":"a"}}\n'));
    const { texts, error } = await collect(options);
    expect(texts).toEqual([]);
    expect(error?.code).toBe(Code.Unimplemented);
    expect(error?.rawMessage).toContain(`do not support the option ${option}: pass a fetch`);
    expect(seen).toEqual([]);
  });

  test("is sent with the option proxy false", async () => {
    start(lines(200, '{"result":{"text":"a"}}\n'));
    expect(await collect({ proxy: false })).toEqual({ texts: ["a"] });
  });

  test("of requests is unimplemented", async () => {
    const upload = buildStreamingMethod({ rule, types }, "Upload");
    const input = (async function* () {
      yield {};
    })();
    const error = await failure(transport().stream(upload, undefined, undefined, undefined, input));
    expect(error.code).toBe(Code.Unimplemented);
  });
});
