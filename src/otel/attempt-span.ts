import { ConnectError } from "@connectrpc/connect";
import { type Context, type Span, trace, type Tracer } from "@opentelemetry/api";
import type { ZitadelError } from "../policy/errors/zitadel-error.js";
import type { Attributes } from "../policy/observe/hooks.js";
import type { Failure } from "./conventions.js";
import { endSpan } from "./end-span.js";
import { startSpan } from "./start-span.js";

/** The span of one attempt. */
export class AttemptSpan {
  /** The context in which the span is active. */
  readonly context: Context;
  readonly #span: Span;
  #failed: { readonly failure: Failure; readonly endMs: number } | undefined;
  #isEnded = false;

  /** Starts the span as a child of the active span of `parent`. */
  constructor(tracer: Tracer, parent: Context, attributes: Attributes) {
    this.#span = startSpan(tracer, `Attempt ${attributes["rpc.method"]}`, attributes, parent);
    this.context = trace.setSpan(parent, this.#span);
  }

  /**
   * Records that the attempt failed now. `end` ends the span later, with this moment as its end, because only the hooks get the error
   * without secrets.
   */
  fail(thrown: unknown): void {
    this.#failed = { failure: { code: ConnectError.from(thrown).code }, endMs: performance.now() };
  }

  /** Ends the span, as failed after `fail` or with an `error`. Has no effect after the first time. */
  end(error?: ZitadelError): void {
    if (!this.#isEnded) {
      this.#isEnded = true;
      endSpan(this.#span, error ?? this.#failed?.failure, this.#failed?.endMs);
    }
  }
}
