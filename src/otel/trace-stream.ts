import type {
  Interceptor,
  StreamRequest,
  StreamResponse,
  UnaryResponse,
} from "@connectrpc/connect";
import { context } from "@opentelemetry/api";
import { injectContext } from "./inject-context.js";
import { StreamSpan } from "./stream-span.js";
import type { Tracing } from "./tracing.js";

/**
 * Opens a stream of another service with a single span, because a stream has one attempt. Hooks do not run for streams, so the span
 * starts and ends here.
 */
export async function traceStream(
  tracing: Tracing,
  request: StreamRequest,
  next: ReturnType<Interceptor>,
): Promise<UnaryResponse | StreamResponse> {
  const span = new StreamSpan(tracing, request);
  injectContext(request, span.context, tracing.propagate);
  try {
    const response = await context.with(span.context, () => next(request));
    return response.stream ? { ...response, message: span.observe(response.message) } : response;
  } catch (error) {
    span.fail(error);
    throw error;
  }
}
