import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Attributes } from "../policy/observe/hooks.js";

/**
 * Starts a span as a child of the active span of `parent`. If a part of the SDK throws, such as a sampler, the span records nothing,
 * because telemetry must not make a call fail.
 */
export function startSpan(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  parent: Context,
): Span {
  try {
    return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
  } catch {
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  }
}
