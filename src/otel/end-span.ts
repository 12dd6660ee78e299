import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { ZitadelError } from "../policy/errors/zitadel-error.js";
import { notify } from "../utils/notify.js";
import { createSpanErrorAttributes, type Failure, createResultAttributes } from "./conventions.js";

/**
 * Sets the result of a span and ends it. `endMs` is the end by the clock of `performance.now()`; default: now.
 *
 * The text of a `ZitadelError` holds no secret. The text of any other failure may, so the span does not get it.
 */
export function endSpan(span: Span, failure: Failure | undefined, endMs?: number): void {
  span.setAttributes(createResultAttributes(failure));
  if (failure instanceof ZitadelError) {
    span.setAttributes(createSpanErrorAttributes(failure));
    span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  } else if (failure !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  // A processor of the program may throw.
  notify(() => span.end(endMs));
}
