/**
 * `node dist/examples/traces/main.js`: traces calls to the embedded emulator with the OpenTelemetry SDK, and prints their spans as a
 * tree and their metrics. The second call fails once and is retried; the third one finds nothing.
 */
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, tooManyRequests } from "zitadel-idp/emulator";
import { withTelemetry } from "zitadel-idp/otel";
import { formatMetrics } from "./format-metrics.js";
import { formatSpans } from "./format-spans.js";

// The SDK of a service exports to a collector instead, e.g. by @opentelemetry/exporter-trace-otlp-http.
const spanExporter = new InMemorySpanExporter();
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const tracers = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(spanExporter)],
});
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
});
trace.setGlobalTracerProvider(tracers);
metrics.setGlobalMeterProvider(meters);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

const emulator = createEmulator();
const { url } = await emulator.listen();
const zitadel = createIdpClient(withTelemetry({ baseUrl: url, auth: emulator.token }));

await trace.getTracer("example").startActiveSpan("add a provider", async (span) => {
  const { id } = await zitadel.management.addGoogleProvider({
    clientId: "1234.apps.googleusercontent.com",
    clientSecret: "the secret that no span shows",
  });
  emulator.inject({ times: 1, fault: tooManyRequests({ retryAfterSeconds: 0 }) });
  await zitadel.management.deleteProvider({ id });
  await zitadel.management.getProviderByID({ id }).catch(() => undefined);
  span.end();
});

await zitadel.close();
await emulator.close();
await Promise.all([tracers.forceFlush(), meters.forceFlush()]);
console.log(formatSpans(spanExporter.getFinishedSpans()));
console.log(formatMetrics(metricExporter.getMetrics()));
await Promise.all([tracers.shutdown(), meters.shutdown()]);
