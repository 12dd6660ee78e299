import { readFileSync } from "node:fs";
import { Code } from "@connectrpc/connect";
import { metrics } from "@opentelemetry/api";
import type { Histogram, MetricData } from "@opentelemetry/sdk-metrics";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  METRIC_RPC_CLIENT_CALL_DURATION,
} from "@opentelemetry/semantic-conventions";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createIdpClient, type IdpClient, type IdpClientOptions } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { withTelemetry } from "zitadel-idp/otel";
import { schemaUrl } from "../../src/otel/conventions.js";
import manifest from "../../package.json" with { type: "json" };
import { failureOf } from "../support/failure.js";
import { wireNames } from "../support/wires.js";
import { startTelemetry, type Telemetry } from "./telemetry.js";

const rpc = "zitadel.management.v1.ManagementService";

let emulator: Emulator;
let listener: Listener;
let telemetry: Telemetry;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => telemetry[Symbol.asyncDispose]());
afterAll(() => emulator.close());

function create(options: Partial<IdpClientOptions> = {}): IdpClient {
  return createIdpClient(
    withTelemetry({
      baseUrl: listener.url,
      auth: emulator.token,
      retry: { initialPauseMs: 0 },
      ...options,
    }),
  );
}

/** Returns the points of a histogram. */
function pointsOf(metric: MetricData | undefined): { attributes: object; value: Histogram }[] {
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => ({
    attributes,
    value: value as Histogram,
  }));
}

test.each(wireNames)("calls over %s are counted by method and result", async (protocol) => {
  telemetry = startTelemetry();
  await using client = create({ protocol });
  emulator.inject({
    rpc: "ListProviders",
    times: 2,
    fault: { type: "status", code: Code.Unavailable, message: "busy" },
  });
  await client.management.listProviders({});
  await client.management.listProviders({});
  await failureOf(client.management.getProviderByID({ id: "1" }));
  const { "rpc.client.call.duration": duration, "zitadel.client.call.attempts": attempts } =
    await telemetry.metrics();
  const shared = {
    "rpc.system.name": protocol === "json" ? "http" : "grpc",
    "server.address": "localhost",
    "server.port": listener.port,
  };
  const listed = { ...shared, "rpc.method": `${rpc}/ListProviders`, "rpc.status_code": "OK" };
  const missing = {
    ...shared,
    "rpc.method": `${rpc}/GetProviderByID`,
    "rpc.status_code": "NOT_FOUND",
    "error.type": "NOT_FOUND",
  };
  expect(duration?.descriptor).toMatchObject({ unit: "s", type: "HISTOGRAM" });
  expect(
    pointsOf(duration).map(({ attributes, value }) => [
      attributes,
      value.count,
      value.buckets.boundaries,
    ]),
  ).toEqual(
    [
      [listed, 2],
      [missing, 1],
    ].map(([attributes, count]) => [
      attributes,
      count,
      [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    ]),
  );
  expect(
    pointsOf(attempts).map(({ attributes, value }) => [attributes, value.sum, value.buckets]),
  ).toEqual([
    [listed, 4, { boundaries: [1, 2, 3, 4, 5], counts: [1, 0, 1, 0, 0, 0] }],
    [missing, 1, { boundaries: [1, 2, 3, 4, 5], counts: [1, 0, 0, 0, 0, 0] }],
  ]);
});

test("the duration of a call is that of its span", async () => {
  telemetry = startTelemetry();
  await using client = create();
  await client.management.listProviders({});
  const [point] = pointsOf((await telemetry.metrics())["rpc.client.call.duration"]);
  const [seconds, nanos] = telemetry.spans.at(-1)?.duration ?? [0, 0];
  expect(point?.value.sum).toBeGreaterThan(0);
  expect(Math.abs((point?.value.sum ?? 0) - seconds - nanos / 1e9)).toBeLessThan(0.05);
});

test("an SDK may be registered after the client, and another one after that", async () => {
  await using client = create();
  // Without an SDK, calls work and are not recorded.
  await client.management.listProviders({});
  expect(metrics.getMeterProvider().constructor.name).toBe("NoopMeterProvider");
  telemetry = startTelemetry();
  await client.management.listProviders({});
  expect(telemetry.tree().children).toHaveLength(1);
  expect(Object.keys(await telemetry.metrics())).toHaveLength(2);
  await telemetry[Symbol.asyncDispose]();
  telemetry = startTelemetry();
  await client.management.listProviders({});
  expect(Object.keys(await telemetry.metrics())).toHaveLength(2);
});

/** Returns the names of attributes that the document lists. */
function documentedAttributes(): string[] {
  const url = new URL("../../docs/observability.md", import.meta.url);
  const [, table = ""] = readFileSync(url, "utf8").split(/<!-- attributes:(?:begin|end) -->/);
  return Array.from(table.matchAll(/^\| `([\w.]+)`/gm), ([, name = ""]) => name);
}

test("all names are in the document, and in the conventions unless they begin with `zitadel.`", async () => {
  telemetry = startTelemetry();
  await using client = create({ protocol: "json" });
  const { id } = await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
  emulator.inject({ rpc: "DeleteProvider", times: 1, fault: { type: "drop", when: "after" } });
  await client.management.deleteProvider({ id });
  emulator.inject({ rpc: "GetProviderByID", times: 1, fault: { type: "http", status: 503 } });
  await failureOf(client.management.getProviderByID({ id: "1" }));
  const attributes = telemetry.spans.flatMap((span) => Object.keys(span.attributes));
  expect([...new Set(attributes)].toSorted()).toEqual(documentedAttributes().toSorted());
  const names = [...attributes, ...Object.keys(await telemetry.metrics())];
  const foreign = names.filter((name) => !name.startsWith("zitadel."));
  expect([...new Set(foreign)].toSorted()).toEqual(
    [
      ATTR_ERROR_TYPE,
      ATTR_HTTP_REQUEST_RESEND_COUNT,
      ATTR_HTTP_RESPONSE_STATUS_CODE,
      ATTR_RPC_METHOD,
      ATTR_RPC_STATUS_CODE,
      ATTR_RPC_SYSTEM_NAME,
      ATTR_SERVER_ADDRESS,
      ATTR_SERVER_PORT,
      METRIC_RPC_CLIENT_CALL_DURATION,
    ].toSorted(),
  );
  expect(schemaUrl).toBe(
    `https://opentelemetry.io/schemas/${manifest.devDependencies["@opentelemetry/semantic-conventions"]}`,
  );
  expect(telemetry.spans.map((span) => span.instrumentationScope)).toEqual(
    telemetry.spans.map(() => ({ name: "zitadel-idp", version: undefined, schemaUrl })),
  );
});
