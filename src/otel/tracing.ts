import type { Tracer } from "@opentelemetry/api";
import type { Measure } from "./call-metrics.js";
import type { CallSpan } from "./call-span.js";

/** The parts that the hooks and the interceptor of one client share. */
export interface Tracing {
  readonly tracer: Tracer;
  readonly measure: Measure;
  /** The option of `withTelemetry`. */
  readonly propagate: boolean | undefined;
  /** The spans of open calls, by the object that all events of a call share. */
  readonly spans: WeakMap<object, CallSpan>;
}
