import { context, type Context, type Span, trace, type Tracer } from "@opentelemetry/api";
import type { ZitadelError } from "../policy/errors/zitadel-error.js";
import type { Attributes, RequestEvent, ResponseEvent } from "../policy/observe/hooks.js";
import { AttemptSpan } from "./attempt-span.js";
import { toStableCallAttributes } from "./conventions.js";
import { endSpan } from "./end-span.js";
import { startSpan } from "./start-span.js";

/** The span of a call, with the spans of its attempts. */
export class CallSpan {
  /** The context in which the span is active. */
  readonly context: Context;
  /** The attributes of the call, for its metrics. */
  readonly attributes: Attributes;
  readonly #tracer: Tracer;
  readonly #span: Span;
  /** The last attempt. */
  #attempt: AttemptSpan | undefined;
  #resends = 0;

  /** Starts the span as a child of the active span. */
  constructor(tracer: Tracer, event: RequestEvent) {
    const parent = context.active();
    this.attributes = toStableCallAttributes(event.attributes);
    const attributes = { ...this.attributes, "zitadel.call.id": event.callId };
    const name = String(this.attributes["rpc.method"]);
    this.#tracer = tracer;
    this.#span = startSpan(tracer, name, attributes, parent);
    this.context = trace.setSpan(parent, this.#span);
  }

  /** Starts the span of an attempt. The attempt before has failed, and its span ends now if no hook has ended it. */
  startAttempt(request: Attributes): AttemptSpan {
    const isResent =
      this.#attempt !== undefined && request["rpc.method"] === this.attributes["rpc.method"];
    const attributes = isResent
      ? { ...request, "http.request.resend_count": ++this.#resends }
      : request;
    this.#attempt?.end();
    this.#attempt = new AttemptSpan(this.#tracer, this.context, attributes);
    return this.#attempt;
  }

  /** Ends the span of the last attempt, which failed and will be retried. */
  retry(error: ZitadelError): void {
    this.#attempt?.end(error);
  }

  /** Ends the span of the last attempt and then the span of the call. At a deadline, the last attempt may still run. */
  end({ attempts, alreadyDone, error }: ResponseEvent): void {
    this.#attempt?.end(error);
    this.#span.setAttributes({
      "zitadel.attempts": attempts,
      ...(alreadyDone !== undefined && { "zitadel.already_done": alreadyDone }),
    });
    endSpan(this.#span, error);
  }
}
