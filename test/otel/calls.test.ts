import { Code } from "@connectrpc/connect";
import { context, createTraceState, propagation, trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient, type IdpClientOptions } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { type TelemetryOptions, withTelemetry } from "zitadel-idp/otel";
import { failureOf } from "../support/failure.js";
import { type Http2Proxy, startHttp2Proxy } from "../support/http2-proxy.js";
import {
  type UnresponsiveServer,
  startUnresponsiveServer,
} from "../support/unresponsive-server.js";
import { wireNames } from "../support/wires.js";
import { startTelemetry, type Telemetry } from "./telemetry.js";

const service = "zitadel.management.v1.ManagementService";
const google = { clientId: "c", clientSecret: "planted-client-secret" };

let emulator: Emulator;
let listener: Listener;
let front: Http2Proxy;
let silent: UnresponsiveServer;
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = startTelemetry();
  emulator = createEmulator();
  listener = await emulator.listen();
  front = await startHttp2Proxy(listener.url);
  silent = await startUnresponsiveServer();
});
afterEach(async () => {
  expectNoSecret();
  await telemetry.reset();
  emulator.reset();
});
afterAll(async () => {
  await Promise.all(
    [front, silent, emulator, telemetry].map((each) => each[Symbol.asyncDispose]()),
  );
});

/** Checks that no span of the test holds the token, or a secret of a request. */
function expectNoSecret(): void {
  const texts = telemetry.spans.map(({ name, status, attributes, events }) =>
    JSON.stringify([name, status, attributes, events]),
  );
  expect(texts.filter((text) => /planted/.test(text) || text.includes(emulator.token))).toEqual([]);
}

/** The attributes of each span of a call, as far as they do not differ from run to run. */
const call = (rpc: string, protocol: string): object => ({
  "rpc.system.name": protocol === "json" ? "http" : "grpc",
  "rpc.method": `${service}/${rpc}`,
  "server.address": "localhost",
  "server.port": expect.any(Number) as number,
  "zitadel.call.id": expect.stringMatching(/^[0-9a-f]{16}$/) as string,
});
const attempt = (rpc: string): object => ({
  "rpc.method": `${service}/${rpc}`,
  "server.address": "localhost",
  "server.port": expect.any(Number) as number,
});
const unavailable = { type: "status", code: Code.Unavailable, message: "busy" } as const;

describe.each(wireNames)("over %s", (protocol) => {
  /** Creates a client with telemetry. */
  const create = (
    options: Partial<IdpClientOptions> = {},
    telemetryOptions: TelemetryOptions = {},
  ): IdpClient =>
    createIdpClient(
      withTelemetry(
        {
          baseUrl: listener.url,
          protocol,
          auth: emulator.token,
          retry: { initialPauseMs: 0 },
          ...options,
        },
        telemetryOptions,
      ),
    );

  test("a call is a span with one attempt below it", async () => {
    await using client = create();
    await telemetry.within("handler", () => client.management.listProviders({}));
    expect(telemetry.tree()).toEqual({
      name: "INTERNAL handler",
      status: "UNSET",
      attributes: {},
      children: [
        {
          name: `CLIENT ${service}/ListProviders`,
          status: "UNSET",
          attributes: {
            ...call("ListProviders", protocol),
            "rpc.status_code": "OK",
            "zitadel.attempts": 1,
          },
          children: [
            {
              name: `CLIENT Attempt ${service}/ListProviders`,
              status: "UNSET",
              attributes: { ...attempt("ListProviders"), "rpc.status_code": "OK" },
              children: [],
            },
          ],
        },
      ],
    });
  });

  test("an error of ZITADEL has its code, its id and its outcome", async () => {
    await using client = create();
    const error = await failureOf(client.management.getProviderByID({ id: "1" }));
    const failed = {
      "rpc.status_code": "NOT_FOUND",
      "error.type": "NOT_FOUND",
      "zitadel.error.id": "QUERY-SAFrt",
      "zitadel.outcome": "not_done",
    };
    const http = protocol === "json" ? { "http.response.status_code": 404 } : {};
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { ...call("GetProviderByID", protocol), ...failed, ...http },
      children: [{ status: "ERROR", attributes: { ...failed, ...http }, children: [] }],
    });
    expect(telemetry.spans.map(({ status }) => status.message)).toEqual([
      error.message,
      error.message,
    ]);
  });

  test("each retry is a span, and a call that finally succeeds is not an error", async () => {
    await using client = create();
    emulator.inject({ rpc: "ListProviders", times: 2, fault: unavailable });
    await client.management.listProviders({});
    const { status, attributes, children } = telemetry.tree();
    expect({ status, attributes }).toEqual({
      status: "UNSET",
      attributes: {
        ...call("ListProviders", protocol),
        "rpc.status_code": "OK",
        "zitadel.attempts": 3,
      },
    });
    expect(
      children.map((each) => [
        each.status,
        each.attributes["rpc.status_code"],
        each.attributes["http.request.resend_count"],
        each.attributes["zitadel.outcome"],
      ]),
    ).toEqual([
      ["ERROR", "UNAVAILABLE", undefined, "not_done"],
      ["ERROR", "UNAVAILABLE", 1, "not_done"],
      ["UNSET", "OK", 2, undefined],
    ]);
    const [first, second, third] = telemetry.spans.map(({ startTime, endTime }) =>
      [startTime, endTime].map(([seconds, nanos]) => seconds * 1e9 + nanos),
    );
    const times = [first, second, third].flatMap((each) => each ?? []);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("a write whose response is lost has an unknown outcome", async () => {
    await using client = create();
    emulator.inject({ rpc: "AddGoogleProvider", fault: { type: "drop", when: "after" } });
    await failureOf(client.management.addGoogleProvider(google));
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "error.type": "connection", "zitadel.outcome": "unknown" },
      children: [{ status: "ERROR", attributes: { "error.type": "connection" } }],
    });
  });

  test("a retry that finds the work done ends as a success with an attribute for it", async () => {
    await using client = create();
    const { id } = await client.management.addGoogleProvider(google);
    await telemetry.reset();
    emulator.inject({ rpc: "DeleteProvider", times: 1, fault: { type: "drop", when: "after" } });
    await client.management.deleteProvider({ id });
    const { status, attributes, children } = telemetry.tree();
    expect({ status, attributes }).toMatchObject({
      status: "UNSET",
      attributes: {
        "rpc.status_code": "OK",
        "zitadel.attempts": 2,
        "zitadel.already_done": "ORG-Se3tg",
      },
    });
    expect(children.map((each) => [each.name, each.attributes["rpc.status_code"]])).toEqual([
      [`CLIENT Attempt ${service}/DeleteProvider`, "UNAVAILABLE"],
      [`CLIENT Attempt ${service}/DeleteProvider`, "NOT_FOUND"],
      // The client checks that the provider is really gone.
      [`CLIENT Attempt ${service}/GetProviderByID`, "NOT_FOUND"],
    ]);
  });

  test("a call that reaches its deadline ends both spans", async () => {
    await using client = create({ baseUrl: silent.url });
    await failureOf(client.management.listProviders({}, { timeoutMs: 50 }));
    const failed = { "rpc.status_code": "DEADLINE_EXCEEDED", "error.type": "deadline" };
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: failed,
      children: [{ status: "ERROR", attributes: failed }],
    });
  });

  test("a call that its caller aborts ends both spans", async () => {
    await using client = create({ baseUrl: silent.url });
    const user = new AbortController();
    const failing = failureOf(client.management.listProviders({}, { signal: user.signal }));
    await silent.waitForRequest();
    user.abort();
    await failing;
    const failed = { "rpc.status_code": "CANCELLED", "error.type": "aborted" };
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: failed,
      children: [{ status: "ERROR", attributes: failed }],
    });
  });

  test("a token that cannot be obtained fails the attempt that waits for it", async () => {
    const auth = (): never => {
      throw new Error("the vault is sealed");
    };
    await using client = create({ auth, retry: false });
    const error = await failureOf(client.management.listProviders({}));
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "rpc.status_code": "UNAVAILABLE", "zitadel.outcome": "not_done" },
      children: [{ status: "ERROR", attributes: { "zitadel.outcome": "not_done" }, children: [] }],
    });
    expect(telemetry.spans.at(-1)?.status.message).toBe(error.message);
  });

  test("a call that is never sent has no attempt", async () => {
    await using client = create();
    await failureOf(client.management.listProviders({}, { signal: AbortSignal.abort() }));
    expect(telemetry.tree()).toMatchObject({
      status: "ERROR",
      attributes: { "rpc.status_code": "CANCELLED", "zitadel.outcome": "not_done" },
      children: [],
    });
  });

  test("calls at the same time are children of their own callers", async () => {
    await using client = create();
    const names = ["first", "second", "third"];
    await Promise.all(
      names.map((name) => telemetry.within(name, () => client.management.listProviders({}))),
    );
    const trees = telemetry.trees();
    expect(trees.map(({ name }) => name).toSorted()).toEqual(
      names.map((name) => `INTERNAL ${name}`).toSorted(),
    );
    expect(trees.map(({ children }) => children.length)).toEqual([1, 1, 1]);
    const ids = trees.map(({ children }) => children[0]?.attributes["zitadel.call.id"]);
    expect(new Set(ids).size).toBe(3);
  });

  describe("a server", () => {
    /** Calls through a proxy, and returns the headers of its requests. */
    async function callThroughFront(
      options: TelemetryOptions = {},
    ): Promise<readonly Record<string, unknown>[]> {
      const before = front.headers.length;
      await using client = create({ baseUrl: `http://localhost:${front.port}` }, options);
      await client.management.listProviders({});
      return front.headers.slice(before);
    }

    test("gets the context of each attempt, and no baggage", async () => {
      emulator.inject({ rpc: "ListProviders", times: 1, fault: unavailable });
      const received = await telemetry.within("handler", (span) => {
        const baggage = propagation.createBaggage({ customer: { value: "42" } });
        const active = propagation.setBaggage(trace.setSpan(context.active(), span), baggage);
        return context.with(active, () => callThroughFront());
      });
      const attempts = telemetry.spans.filter(({ name }) => name.startsWith("Attempt "));
      const sent = received.filter((headers) => headers["traceparent"] !== undefined);
      expect(sent.map((headers) => headers["traceparent"])).toEqual(
        attempts.map((span) => {
          const { traceId, spanId } = span.spanContext();
          return `00-${traceId}-${spanId}-01`;
        }),
      );
      expect(attempts).toHaveLength(2);
      expect(received.map((headers) => headers["baggage"])).toEqual(received.map(() => undefined));
    });

    test("gets the trace state of the caller", async () => {
      const remote = trace.wrapSpanContext({
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        traceFlags: 1,
        traceState: createTraceState("vendor=value"),
        isRemote: true,
      });
      const received = await context.with(trace.setSpan(context.active(), remote), () =>
        callThroughFront(),
      );
      expect(received.at(-1)).toMatchObject({
        traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/) as string,
        tracestate: "vendor=value",
      });
    });

    test("gets no context if the program turns propagation off", async () => {
      const received = await callThroughFront({ propagate: false });
      expect(received.map((headers) => headers["traceparent"])).toEqual(
        received.map(() => undefined),
      );
      expect(telemetry.tree().children).toHaveLength(1);
    });
  });
});
