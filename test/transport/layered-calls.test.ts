import type { DescMethodStreaming } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextKey,
  createContextValues,
  createRouterTransport,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { createGrpcWebTransport as createConnectWebTransport } from "@connectrpc/connect-web";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  type Protocol,
  type TransportClientOptions,
} from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { createGrpcTransport, Http2SessionManager } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { buildStreamingMethod } from "../support/descriptors.js";
import { failureOf } from "../support/failure.js";
import {
  type UnresponsiveServer,
  startUnresponsiveServer,
} from "../support/unresponsive-server.js";

type CreateTransport = (options: {
  baseUrl: string;
  interceptors?: Interceptor[];
  defaultTimeoutMs?: number;
}) => Transport;

const transports: [Protocol, CreateTransport][] = [
  ["grpc", createGrpcTransport],
  ["grpc-web", createGrpcWebTransport],
  ["json", createJsonTransport],
];
const google = { clientId: "c", clientSecret: "planted-secret" };
const unauthenticated = new ConnectError("token expired", Code.Unauthenticated);

let emulator: Emulator;
let baseUrl: string;
let token: string;
let silent: UnresponsiveServer;
beforeAll(async () => {
  emulator = createEmulator();
  baseUrl = (await emulator.listen()).url;
  token = emulator.token ?? "";
  silent = await startUnresponsiveServer();
});
afterEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  await silent[Symbol.asyncDispose]();
});

/** A call that a recording `fetch` received. */
interface SentRequest {
  readonly url: string;
  readonly headers: Headers;
}

/** Creates a `fetch` that records its requests and responds with `body`. */
function recordingFetch(body = "{}"): { fetch: typeof fetch; requests: SentRequest[] } {
  const requests: SentRequest[] = [];
  return {
    requests,
    fetch: (url, init) => {
      requests.push({ url: String(url), headers: new Headers(init?.headers) });
      return Promise.resolve(
        new Response(body, { headers: { "content-type": "application/json" } }),
      );
    },
  };
}

describe.each(transports)("the default timeout of a transport for %s", (_, create) => {
  test.each<[string, (transport: Transport) => Transport]>([
    ["alone", (transport) => transport],
    ["within withErrors", (transport) => withErrors(transport)],
    ["within withRetry", (transport) => withRetry(transport)],
    ["within both", (transport) => withErrors(withRetry(transport))],
    ["within a client", (transport) => createIdpClient({ transport }).transport],
  ])("ends a call %s", async (_name, wrap) => {
    const transport = wrap(create({ baseUrl: silent.url, defaultTimeoutMs: 50 }));
    const call = createManagementClient(transport).addGoogleProvider(google);
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });

  test("is replaced by the timeout of a call", async () => {
    const transport = withErrors(create({ baseUrl: silent.url, defaultTimeoutMs: 60_000 }));
    const call = createManagementClient(transport).addGoogleProvider(google, { timeoutMs: 50 });
    await expect(call).rejects.toMatchObject({ reason: "deadline" });
  });
});

describe("the deadline in the request of a client with a token", () => {
  test("is that of the caller's own header if the call has no timeout", async () => {
    const { fetch, requests } = recordingFetch();
    const client = createIdpClient({ baseUrl, protocol: "json", auth: token, fetch });
    await client.management.listProviders({}, { headers: { "grpc-timeout": "5S" } });
    expect(requests[0]?.headers.get("grpc-timeout")).toMatch(/^(?:5S|[45]\d{3}m)$/);
  });

  test("is that of the call if an interceptor sets a signal", async () => {
    const { fetch, requests } = recordingFetch();
    const setSignal: Interceptor = (next) => (request) =>
      next({ ...request, signal: new AbortController().signal });
    const options = { baseUrl, protocol: "json", auth: token, fetch } as const;
    const client = createIdpClient({ ...options, interceptors: [setSignal] });
    await client.management.listProviders({}, { timeoutMs: 5000 });
    expect(requests[0]?.headers.get("grpc-timeout")).toMatch(/^(?:5000|4\d{3})m$/);
  });

  test("is that of the call over an inner transport, if an interceptor sets a signal", async () => {
    const { fetch, requests } = recordingFetch();
    const setSignal: Interceptor = (next) => (request) =>
      next({ ...request, signal: new AbortController().signal });
    const transport = createJsonTransport({ baseUrl, fetch });
    const client = createIdpClient({ transport, auth: token, interceptors: [setSignal] });
    await client.management.listProviders({}, { timeoutMs: 5000 });
    expect(requests[0]?.headers.get("grpc-timeout")).toMatch(/^(?:5000|4\d{3})m$/);
  });
});

describe("the outcome of a write whose token was rejected", () => {
  /** A transport of Connect that does not report when it sends: the first attempt fails with `first`, the second with a lost response. */
  function createForeignTransport(interceptors: Interceptor[], first: ConnectError): Transport {
    let attempts = 0;
    const fetch = (): Promise<Response> => {
      attempts++;
      return attempts === 1 ? Promise.reject(first) : Promise.reject(new TypeError("fetch failed"));
    };
    return createConnectWebTransport({ baseUrl, fetch, interceptors });
  }

  test("is unknown if the response to the second attempt is lost in a transport of the caller", async () => {
    const tokens = {
      token: ({ refused }: { refused?: string | undefined }) =>
        Promise.resolve(refused ? "t2" : "t1"),
    };
    const transport = createForeignTransport([auth(tokens)], unauthenticated);
    const error = await failureOf(
      createManagementClient(withErrors(transport)).addGoogleProvider(google),
    );
    expect(error).toMatchObject({ outcome: "unknown", attempts: 2 });
  });

  test.each(transports)(
    "is unknown over %s if not the server but an interceptor rejected it after the response",
    async (_, create) => {
      const rejecting: Interceptor = (next) => async (request) => {
        await next(request);
        throw unauthenticated;
      };
      const transport = create({ baseUrl, interceptors: [auth(token), rejecting] });
      const error = await failureOf(
        createManagementClient(withErrors(transport)).addGoogleProvider(google),
      );
      expect(error).toMatchObject({ code: Code.Unauthenticated, outcome: "unknown" });
    },
  );
});

describe("a token source of the caller", () => {
  test.each(transports)("may end its token with a line break over %s", async (protocol) => {
    const source = { token: () => Promise.resolve(`${token}\n`) };
    await using client = createIdpClient({ baseUrl, protocol, auth: source });
    expect(await client.management.listProviders({})).toMatchObject({ result: [] });
  });

  test.each(transports)("with an invalid token fails at once over %s", async (protocol) => {
    const source = { token: () => Promise.resolve("s3cret\r\nx: y") };
    await using client = createIdpClient({ baseUrl, protocol, auth: source });
    const error = await failureOf(client.management.addGoogleProvider(google));
    expect(error).toMatchObject({
      code: Code.FailedPrecondition,
      outcome: "not_done",
      attempts: 1,
    });
    expect(String(error)).not.toContain("s3cret");
    expect(emulator.log).toEqual([]);
  });
});

describe("a transport of the caller", () => {
  test("does not get a call that ended while it waited for its token", async () => {
    let giveToken = (_token: string): void => undefined;
    const given = new Promise<string>((resolve) => (giveToken = resolve));
    const sent: string[] = [];
    const transport: Transport = {
      unary: ({ name }) => {
        sent.push(name);
        return Promise.reject(new Error("not reached"));
      },
      stream: () => Promise.reject(new Error("not reached")),
    };
    const client = createIdpClient({ transport, baseUrl, auth: { token: () => given } });
    const error = await failureOf(client.management.addGoogleProvider(google, { timeoutMs: 20 }));
    giveToken("t");
    await given;
    await client.close();
    expect(error).toMatchObject({ reason: "deadline", outcome: "not_done" });
    expect(sent).toEqual([]);
  });

  test("with the interceptor auth sends nothing for a call that ended while it waited for its token", async () => {
    let giveToken = (_token: string): void => undefined;
    const given = new Promise<string>((resolve) => (giveToken = resolve));
    const { fetch, requests } = recordingFetch();
    const interceptors = [auth({ token: () => given })];
    const transport = withErrors(createConnectWebTransport({ baseUrl, fetch, interceptors }));
    const call = createManagementClient(transport).addGoogleProvider(google, { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({ reason: "deadline" });
    giveToken("t");
    await given;
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toEqual([]);
  });

  test("that creates its own errors never shows the client's token", async () => {
    const echo = createRouterTransport(({ rpc }) => {
      rpc(ManagementService.method.listProviders, (_request, { requestHeader }) => {
        throw new ConnectError(
          `who is ${requestHeader.get("authorization")}`,
          Code.PermissionDenied,
        );
      });
    });
    const client = createIdpClient({ transport: withErrors(echo), auth: "kq7-opaque" });
    const error = await failureOf(client.management.listProviders({}));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(error.message).not.toContain("kq7-opaque");
  });
});

describe.each(transports)("a transport for %s that other code has wrapped", (_, create) => {
  const wrappers: [string, (transport: Transport, calls: string[]) => Transport][] = [
    [
      "by a Proxy",
      (transport, calls) =>
        new Proxy(transport, {
          get: (target, name) => {
            calls.push(String(name));
            return Reflect.get(target, name) as unknown;
          },
        }),
    ],
    [
      "by an object that inherits from it",
      (transport, calls) => {
        const unary: Transport["unary"] = (...call) => {
          calls.push("unary");
          return transport.unary(...call);
        };
        return Object.assign(
          Object.create(transport) as Transport,
          { stream: transport.stream },
          { unary },
        );
      },
    ],
    [
      "by another `unary`",
      (transport, calls) => {
        const { unary } = transport;
        transport.unary = (...call) => {
          calls.push("unary");
          return unary(...call);
        };
        return transport;
      },
    ],
  ];

  test.each(wrappers)("%s, sends each call through that code", async (_name, wrap) => {
    const calls: string[] = [];
    const wrapped = wrap(create({ baseUrl, interceptors: [auth(token)] }), calls);
    calls.length = 0;
    const client = createManagementClient(withErrors(withRetry(wrapped)));
    await client.listProviders({});
    await client.listProviders({});
    expect(calls.filter((name) => name === "unary").length).toBeGreaterThanOrEqual(2);
  });
});

test.each(transports)(
  "interceptors of all attempts share context values over %s",
  async (protocol) => {
    const countKey: ContextKey<number> = { id: Symbol("count"), defaultValue: 0 };
    const counts: number[] = [];
    const counting: Interceptor = (next) => (request) => {
      const count = request.contextValues.get(countKey) + 1;
      request.contextValues.set(countKey, count);
      counts.push(count);
      return next(request);
    };
    const unavailable = { type: "status", code: Code.Unavailable } as const;
    const retry = { initialPauseMs: 1 };
    const options: IdpClientOptions = { baseUrl, protocol, auth: token, retry };
    await using client = createIdpClient({ ...options, interceptors: [counting] });
    emulator.inject({ fault: unavailable, times: 2 });
    await client.management.listProviders({});
    expect(counts).toEqual([1, 2, 3]);
    counts.length = 0;
    emulator.inject({ fault: unavailable, times: 2 });
    await client.management.listProviders({}, { contextValues: createContextValues() });
    expect(counts).toEqual([1, 2, 3]);
  },
);

test("a gRPC call goes only to the server of its base URL, whatever connection it was given", async () => {
  const sessionManager = new Http2SessionManager(baseUrl);
  const transport = createGrpcTransport({ baseUrl: "http://acme.test", sessionManager });
  const call = createManagementClient(transport).listProviders({});
  await expect(call).rejects.toThrow("the call goes to http://acme.test, but its connection to");
  expect(emulator.log).toEqual([]);
});

test("the URL of a gRPC call may be changed by an interceptor to anything that is a URL", async () => {
  const change: Interceptor = (next) => (request) =>
    next({ ...request, url: request.url.replace("/zitadel.", "/a b/../zitadel.") + "#part" });
  const transport = createGrpcTransport({ baseUrl, interceptors: [change, auth(token)] });
  expect(await createManagementClient(transport).listProviders({})).toMatchObject({ result: [] });
});

describe("a stream over the transport of a client", () => {
  const watch: DescMethodStreaming = buildStreamingMethod({
    rule: { verb: "get", path: "/watch/{id}" },
    types: { id: "string" },
    response_types: { text: "string" },
  });
  const more = { auth: "t1", orgId: "1001", headers: { "x-request-source": "ci" } };

  const clients: [string, (fetch: typeof globalThis.fetch) => IdpClient][] = [
    ["for JSON", (fetch) => createIdpClient({ baseUrl, protocol: "json", fetch, ...more })],
    [
      "that is not ours",
      (fetch) => {
        const options: TransportClientOptions = {
          transport: createJsonTransport({ baseUrl, fetch }),
          ...more,
        };
        return createIdpClient(options);
      },
    ],
  ];

  test.each(clients)("%s has the headers, the organization and the token", async (_, create) => {
    const { fetch, requests } = recordingFetch('{"result":{"text":"a"}}\n');
    const { transport } = create(fetch);
    const input = (async function* () {
      yield { id: "1" };
    })();
    const { message } = await transport.stream(watch, undefined, 5000, { "x-own": "1" }, input);
    for await (const each of message) {
      expect(each).toMatchObject({ text: "a" });
    }
    expect(Object.fromEntries(requests[0]?.headers ?? [])).toMatchObject({
      authorization: "Bearer t1",
      "x-zitadel-orgid": "1001",
      "x-request-source": "ci",
      "x-own": "1",
      "grpc-timeout": expect.stringMatching(/^(?:5000|4\d{3})m$/) as string,
    });
  });
});
