import { context, metrics, propagation, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { withTelemetry } from "zitadel-idp/otel";
import { wireNames } from "../support/wires.js";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => {
  trace.disable();
  metrics.disable();
  context.disable();
  propagation.disable();
});
afterAll(() => emulator.close());

function fail(): never {
  throw new Error("broken");
}

const processor: SpanProcessor = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const sampler: Sampler = { shouldSample: fail, toString: () => "broken" };

const faults: [string, () => void][] = [
  ["a sampler", () => trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler }))],
  ["the start of a processor", () => useProcessor({ ...processor, onStart: fail })],
  ["the end of a processor", () => useProcessor({ ...processor, onEnd: fail })],
  [
    "a propagator",
    () => propagation.setGlobalPropagator({ inject: fail, extract: fail, fields: () => [] }),
  ],
  [
    "a propagator with invalid headers",
    () =>
      propagation.setGlobalPropagator({
        inject: (_, carrier, setter) => setter.set(carrier, "traceparent", "line\nbreak"),
        extract: fail,
        fields: () => [],
      }),
  ],
  ["a provider of meters", () => metrics.setGlobalMeterProvider({ getMeter: fail })],
];

function useProcessor(broken: SpanProcessor): void {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [broken] }));
}

const cases = faults.flatMap(([name, register]) =>
  wireNames.map((protocol) => ({ name, register, protocol })),
);

test.each(cases)("$name that throws breaks no call over $protocol", async (broken) => {
  broken.register();
  const events: string[] = [];
  await using client = createIdpClient(
    withTelemetry({
      baseUrl: listener.url,
      protocol: broken.protocol,
      auth: emulator.token,
      retry: false,
      hooks: {
        onRequest: () => events.push("request"),
        onResponse: () => events.push("response"),
      },
    }),
  );
  expect(await client.management.listProviders({})).toMatchObject({ result: [] });
  expect(events).toEqual(["request", "response"]);
});
