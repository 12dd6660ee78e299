import {
  context,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** A finished span with those below it, oldest first. */
export interface SpanTree {
  readonly name: string;
  readonly status: string;
  readonly attributes: ReadableSpan["attributes"];
  readonly children: readonly SpanTree[];
}

/** The real SDK, registered for the whole process, with exporters in memory. */
export interface Telemetry extends AsyncDisposable {
  /** The spans that have ended since the last reset. */
  readonly spans: readonly ReadableSpan[];
  /** Returns the spans as trees, oldest first. */
  trees(): SpanTree[];
  /** Returns the only tree. */
  tree(): SpanTree;
  /** Returns the metrics of calls since the last time, by name. */
  metrics(): Promise<Record<string, MetricData>>;
  /** Runs a function with a new active span, and ends the span after it. */
  within<T>(name: string, run: (span: Span) => Promise<T>): Promise<T>;
  /** Forgets all spans and metrics. */
  reset(): Promise<void>;
}

/** Registers the SDK. */
export function startTelemetry(): Telemetry {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const figures = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({
    exporter: figures,
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
  const telemetry: Telemetry = {
    get spans() {
      return spans.getFinishedSpans();
    },
    trees: () => toTrees(spans.getFinishedSpans()),
    tree() {
      const [tree, ...others] = telemetry.trees();
      if (tree === undefined || others.length > 0) {
        throw new Error(`${others.length + (tree ? 1 : 0)} trees of spans instead of one`);
      }
      return tree;
    },
    async metrics() {
      await meters.forceFlush();
      const all = figures.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      figures.reset();
      return Object.fromEntries(
        all.flatMap((scope) => scope.metrics).map((each) => [each.descriptor.name, each]),
      );
    },
    within: (name, run) =>
      trace.getTracer("test").startActiveSpan(name, async (span) => {
        try {
          return await run(span);
        } finally {
          span.end();
        }
      }),
    async reset() {
      await telemetry.metrics();
      spans.reset();
    },
    async [Symbol.asyncDispose]() {
      trace.disable();
      metrics.disable();
      context.disable();
      propagation.disable();
      await Promise.all([tracers.shutdown(), meters.shutdown()]);
    },
  };
  return telemetry;
}

function toTrees(spans: readonly ReadableSpan[]): SpanTree[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const below = (parent: string | undefined): SpanTree[] =>
    spans
      .filter(({ parentSpanContext }) =>
        parent === undefined
          ? !ids.has(parentSpanContext?.spanId ?? "")
          : parentSpanContext?.spanId === parent,
      )
      .toSorted((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
      .map((span) => ({
        name: `${SpanKind[span.kind]} ${span.name}`,
        status: SpanStatusCode[span.status.code],
        attributes: span.attributes,
        children: below(span.spanContext().spanId),
      }));
  return below(undefined);
}
