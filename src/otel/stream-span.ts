import { ConnectError, type StreamRequest } from "@connectrpc/connect";
import { context, type Context, type Span, trace } from "@opentelemetry/api";
import type { Attributes } from "../policy/observe/hooks.js";
import { type Failure, createRequestAttributes, createResultAttributes } from "./conventions.js";
import { endSpan } from "./end-span.js";
import { startSpan } from "./start-span.js";
import type { Tracing } from "./tracing.js";

/**
 * The span of a stream. It ends with the last message, with an error, or when the signal of the stream aborts. A reader that stops
 * earlier must abort the signal: Connect does not notify interceptors, and leaves the stream open.
 */
export class StreamSpan {
  /** The context in which the span is active. */
  readonly context: Context;
  readonly #attributes: Attributes;
  readonly #measure: Tracing["measure"];
  readonly #span: Span;
  readonly #signal: AbortSignal;
  readonly #startedMs: number = performance.now();
  readonly #onAbort = (): void => this.fail(this.#signal.reason);
  #isEnded = false;

  /** Starts the span as a child of the active span. */
  constructor({ tracer, measure }: Tracing, request: StreamRequest) {
    const attributes = createRequestAttributes(request);
    const name = String(attributes["rpc.method"]);
    // Only the path of gRPC and gRPC-web ends with the name of the RPC.
    const system = request.url.endsWith(`/${name}`) ? "grpc" : "http";
    this.#attributes = { "rpc.system.name": system, ...attributes };
    this.#measure = measure;
    const parent = context.active();
    this.#span = startSpan(tracer, name, this.#attributes, parent);
    this.context = trace.setSpan(parent, this.#span);
    this.#signal = request.signal;
    this.#signal.addEventListener("abort", this.#onAbort);
  }

  /** Passes on the messages of the stream, and ends the span after them. */
  async *observe<M>(messages: AsyncIterable<M>): AsyncGenerator<M> {
    try {
      yield* messages;
      this.#end(undefined);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Ends the span as failed. */
  fail(thrown: unknown): void {
    this.#end({ code: ConnectError.from(thrown).code });
  }

  /** Ends the span and records the figures of the stream. Has no effect after the first time. */
  #end(failure: Failure | undefined): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#signal.removeEventListener("abort", this.#onAbort);
    endSpan(this.#span, failure);
    const durationMs = performance.now() - this.#startedMs;
    const attributes = { ...this.#attributes, ...createResultAttributes(failure) };
    this.#measure({ durationMs, attempts: 1, attributes }, this.context);
  }
}
