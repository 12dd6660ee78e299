import type { Interceptor } from "@connectrpc/connect";
import { context } from "@opentelemetry/api";
import { callOf } from "../call/call.js";
import { identifyCall } from "../policy/observe/identify-call.js";
import { AttemptSpan } from "./attempt-span.js";
import { createRequestAttributes } from "./conventions.js";
import { injectContext } from "./inject-context.js";
import { traceStream } from "./trace-stream.js";
import type { Tracing } from "./tracing.js";

/** Creates the interceptor that adds a span for each attempt, and sends its context to the server. */
export function createAttemptInterceptor(tracing: Tracing): Interceptor {
  const { tracer, spans, propagate } = tracing;
  return (next) => async (request) => {
    if (request.stream) {
      return await traceStream(tracing, request, next);
    }
    const call = callOf(request.contextValues);
    const span = call && spans.get(identifyCall(call).shared);
    const attributes = createRequestAttributes(request);
    const attempt =
      span?.startAttempt(attributes) ?? new AttemptSpan(tracer, context.active(), attributes);
    injectContext(request, attempt.context, propagate);
    try {
      const response = await context.with(attempt.context, () => next(request));
      attempt.end();
      return response;
    } catch (error) {
      attempt.fail(error);
      if (span === undefined) {
        attempt.end();
      }
      throw error;
    }
  };
}
