import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** Formats spans as a tree, each with its kind, its status and its attributes, in order of their start. */
export function formatSpans(spans: readonly ReadableSpan[]): string {
  const byStart = spans.toSorted((a, b) => toNanoseconds(a.startTime) - toNanoseconds(b.startTime));
  const format = (parent: string | undefined, indent: string): string[] =>
    byStart
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .flatMap((span) => [
        `${indent}${SpanKind[span.kind]} ${span.name}${formatStatus(span)}`,
        ...Object.entries(span.attributes).map(
          ([name, value]) => `${indent}    ${name} ${String(value)}`,
        ),
        ...format(span.spanContext().spanId, `${indent}  `),
      ]);
  return format(undefined, "").join("\n");
}

function formatStatus({ status: { code, message } }: ReadableSpan): string {
  return code === SpanStatusCode.UNSET ? "" : `: ${SpanStatusCode[code]} ${message ?? ""}`;
}

function toNanoseconds([seconds, rest]: ReadableSpan["startTime"]): number {
  return seconds * 1e9 + rest;
}
