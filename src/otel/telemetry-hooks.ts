import { context } from "@opentelemetry/api";
import type { Hooks } from "../policy/observe/hooks.js";
import { CallSpan } from "./call-span.js";
import { createResultAttributes } from "./conventions.js";
import type { Tracing } from "./tracing.js";

/**
 * Creates hooks that report calls to OpenTelemetry, and then run the hooks of the caller, with the span of the call as the active
 * one. The caller's hooks run last, because they may throw.
 */
export function createTelemetryHooks(hooks: Hooks, { tracer, measure, spans }: Tracing): Hooks {
  return {
    // Keep unknown names, so that `createIdpClient` rejects them.
    ...hooks,
    onRequest(event) {
      const span = new CallSpan(tracer, event);
      spans.set(event.shared, span);
      return context.with(span.context, () => hooks.onRequest?.(event));
    },
    onRetry(event) {
      const span = spans.get(event.shared);
      span?.retry(event.error);
      return context.with(span?.context ?? context.active(), () => hooks.onRetry?.(event));
    },
    onResponse(event) {
      const span = spans.get(event.shared);
      if (span !== undefined) {
        const { durationMs, attempts, error } = event;
        const attributes = { ...span.attributes, ...createResultAttributes(error) };
        span.end(event);
        measure({ durationMs, attempts, attributes }, span.context);
      }
      return context.with(span?.context ?? context.active(), () => hooks.onResponse?.(event));
    },
  };
}
