import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { noContextValues } from "./context-values.js";
import { endsWithin, startLimits } from "./limits.js";

/** What interceptors wrap: Connect does not export the type. */
type AnyFn = ReturnType<Interceptor>;

/** A unary call as a transport is given it, with what the wire makes of it. */
export interface UnaryCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  readonly input: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly interceptors: readonly Interceptor[];
}

/**
 * Runs a unary call through its interceptors, and ends it at its deadline or with its caller's signal.
 *
 * Connect's `runUnaryCall` makes two AbortControllers and two listeners for each call, and aborts them when it is over. Here
 * a call without limits has none until somebody asks for its signal, and a signal that keeps the deadline already is passed
 * on as it is.
 */
export async function runUnary<I extends DescMessage, O extends DescMessage>(
  call: UnaryCall<I, O>,
  send: (
    request: UnaryRequest<I, O>,
    signal: AbortSignal | undefined,
  ) => Promise<UnaryResponse<I, O>>,
): Promise<UnaryResponse<I, O>> {
  const { method, timeoutMs } = call;
  const hasOwnLimit =
    timeoutMs !== undefined && (call.signal === undefined || !endsWithin(call.signal, timeoutMs));
  const limits = hasOwnLimit ? startLimits(call.signal, timeoutMs) : undefined;
  let signal = limits ? limits.signal : call.signal;
  const request = {
    stream: false,
    service: method.parent,
    method,
    requestMethod: call.requestMethod,
    url: call.url,
    header: call.header,
    contextValues: call.contextValues ?? noContextValues(),
    message: create(method.input, call.input),
    // Of a call without limits it never aborts, and is made only if somebody asks for it.
    get signal(): AbortSignal {
      return (signal ??= new AbortController().signal);
    },
  } as UnaryRequest<I, O>;
  try {
    // An interceptor may have put another request in the place of this one.
    const last = (sent: UnaryRequest<I, O>): Promise<UnaryResponse<I, O>> =>
      send(sent, sent === request ? signal : sent.signal);
    const next = call.interceptors.reduceRight<AnyFn>(
      (inner, interceptor) => interceptor(inner),
      last as unknown as AnyFn,
    );
    return (await next(request)) as UnaryResponse<I, O>;
  } catch (error) {
    const { endedCall } = await import("#failures");
    throw endedCall(error, signal);
  } finally {
    limits?.done();
  }
}
