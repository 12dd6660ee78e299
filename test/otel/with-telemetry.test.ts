import type { Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type Hooks, type IdpClientOptions } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { withTelemetry } from "zitadel-idp/otel";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { createJsonTransport } from "zitadel-idp/transport/json";
import { startTelemetry, type Telemetry } from "./telemetry.js";

let emulator: Emulator;
let listener: Listener;
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = startTelemetry();
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(async () => {
  await telemetry.reset();
  emulator.reset();
});
afterAll(async () => {
  await Promise.all([emulator, telemetry].map((each) => each[Symbol.asyncDispose]()));
});

const busy = { type: "status", code: 14, message: "busy" } as const;
const retry = { initialPauseMs: 0 };

/** Returns the id of the active span. */
const activeSpan = (): string | undefined => trace.getActiveSpan()?.spanContext().spanId;

/** Returns the ids of the spans of a call: its own, and those of its attempts. */
function spanIds(): { call: string | undefined; attempts: (string | undefined)[] } {
  const ids = telemetry.spans.map((span) => span.spanContext().spanId);
  return { call: ids.at(-1), attempts: ids.slice(0, -1) };
}

test("hooks run with the span of the call, and interceptors with that of the attempt", async () => {
  const seen: Record<string, (string | undefined)[]> = { hooks: [], interceptors: [] };
  const note: () => void = () => seen["hooks"]?.push(activeSpan());
  const interceptor: Interceptor = (next) => (request) => {
    seen["interceptors"]?.push(activeSpan());
    return next(request);
  };
  await using client = createIdpClient(
    withTelemetry({
      baseUrl: listener.url,
      auth: emulator.token,
      retry,
      hooks: { onRequest: note, onRetry: note, onResponse: note },
      interceptors: [interceptor],
    }),
  );
  emulator.inject({ times: 1, fault: busy });
  await client.management.listProviders({});
  const { call, attempts } = spanIds();
  expect(seen).toEqual({ hooks: [call, call, call], interceptors: attempts });
  expect(attempts).toHaveLength(2);
});

test("hooks keep their `this`, and those that fail lose no span", async () => {
  class Counter implements Hooks {
    #count = 0;
    get count(): number {
      return this.#count;
    }
    onRequest(): void {
      this.#count++;
      throw new Error("broken log");
    }
    onResponse(): void {
      this.#count++;
      return Promise.reject(new Error("broken log")) as unknown as void;
    }
  }
  const hooks = new Counter();
  await using client = createIdpClient(
    withTelemetry({ baseUrl: listener.url, auth: emulator.token, hooks }),
  );
  await client.management.listProviders({});
  expect(hooks.count).toBe(2);
  expect(telemetry.tree().children).toHaveLength(1);
});

test("the caller's options do not change", () => {
  const options = Object.freeze({
    baseUrl: listener.url,
    hooks: Object.freeze({}),
    interceptors: Object.freeze([]) as unknown as Interceptor[],
  });
  const result = withTelemetry(options);
  expect(result.interceptors).toHaveLength(1);
  expect(options.interceptors).toHaveLength(0);
});

test("clients of other organizations are traced too", async () => {
  await using client = createIdpClient(
    withTelemetry({ baseUrl: listener.url, auth: emulator.token }),
  );
  await client.withOrg(emulator.orgId).management.listProviders({});
  expect(telemetry.tree().children).toHaveLength(1);
});

describe("invalid options", () => {
  const baseUrl = "http://localhost:1";
  test.each<[string, object, object, string]>([
    ["of telemetry", {}, { propagation: true }, "option propagation: unknown option"],
    ["of telemetry", {}, { propagate: "no" }, "option propagate: must be true or false"],
    ["hooks", { hooks: { onRequest: 1 } }, {}, "option hooks.onRequest: must be a function"],
    ["hooks", { hooks: { onEnd: () => 1 } }, {}, "option hooks.onEnd: unknown option"],
    ["hooks", { hooks: null }, {}, "option hooks: must be an object of functions"],
    ["interceptors", { interceptors: [1] }, {}, "option interceptors: must be a list"],
    ["interceptors", { interceptors: 1 }, {}, "option interceptors: must be a list"],
  ])("%s: %j, %j", (_, given, telemetryOptions, message) => {
    const options = { baseUrl, ...given } as IdpClientOptions;
    expect(() => createIdpClient(withTelemetry(options, telemetryOptions))).toThrow(message);
  });
});

test.each([
  [undefined, undefined, "withTelemetry takes the options of a client"],
  [null, undefined, "withTelemetry takes the options of a client"],
  ["https://acme.zitadel.cloud", undefined, "withTelemetry takes the options of a client"],
  [{}, null, "the second argument of withTelemetry must be an object"],
  [{}, true, "the second argument of withTelemetry must be an object"],
])(
  "withTelemetry(%j, %j) throws an error that names its parameters",
  (options, telemetryOptions, message) => {
    const call = withTelemetry as (...args: readonly unknown[]) => unknown;
    expect(() => call(options, telemetryOptions)).toThrow(message);
    expect(() => call(options, telemetryOptions)).toThrow(TypeError);
  },
);

describe("a transport of the caller", () => {
  test("is traced below createIdpClient", async () => {
    const sessionManager = new Http2SessionManager(listener.url);
    const transport = createGrpcTransport({ baseUrl: listener.url, sessionManager });
    await using client = createIdpClient(
      withTelemetry({ transport, auth: emulator.token, baseUrl: listener.url, retry }),
    );
    emulator.inject({ times: 1, fault: busy });
    await client.management.listProviders({});
    sessionManager.abort();
    expect(telemetry.tree()).toMatchObject({
      attributes: { "rpc.system.name": "grpc", "server.address": "localhost" },
      children: [{ status: "ERROR" }, { status: "UNSET" }],
    });
  });

  test("is traced with the layers of zitadel-idp/policy", async () => {
    const baseUrl = listener.url;
    const { hooks, interceptors } = withTelemetry({});
    const wire = createJsonTransport({
      baseUrl,
      interceptors: [...interceptors, auth(emulator.token, { baseUrl })],
    });
    const transport = withErrors(withRetry(wire, { ...retry, hooks }), {
      protocol: "json",
      baseUrl,
      hooks,
    });
    emulator.inject({ times: 1, fault: busy });
    await createManagementClient(transport).listProviders({});
    expect(telemetry.tree()).toMatchObject({
      name: "CLIENT zitadel.management.v1.ManagementService/ListProviders",
      children: [
        { attributes: { "rpc.status_code": "UNAVAILABLE", "zitadel.outcome": "not_done" } },
        { attributes: { "rpc.status_code": "OK" } },
      ],
    });
  });

  test("without hooks has spans of attempts, which hold no text of errors", async () => {
    const { interceptors } = withTelemetry({});
    const wire = createJsonTransport({ baseUrl: listener.url, interceptors });
    await telemetry.within("handler", () =>
      createManagementClient(wire)
        .listProviders({})
        .catch(() => undefined),
    );
    expect(telemetry.tree()).toMatchObject({
      name: "INTERNAL handler",
      children: [
        { status: "ERROR", attributes: { "rpc.status_code": "UNAUTHENTICATED" }, children: [] },
      ],
    });
    expect(telemetry.spans.map(({ status }) => status.message)).toEqual([undefined, undefined]);
  });
});
