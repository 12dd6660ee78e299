import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { type CallRecord, recordOnWire, throwIfEnded } from "../call/call-record.js";
import { attempt } from "./attempt.js";
import { beforeSending } from "./before-sending.js";
import { areLimits } from "./call-options.js";
import { noContextValues } from "./context-values.js";
import { endsWithin, startLimits } from "./limits.js";

/** What interceptors wrap: Connect does not export the type. */
type AnyFn = ReturnType<Interceptor>;

/** A unary call as a transport is given it, with what the wire makes of it. */
export interface UnaryCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  /** The headers that the wire needs, and the caller's: may throw. Of `Headers` ours need `get`, `has` and `set` only. */
  readonly header: (isOurs: boolean) => Headers;
  readonly input: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly interceptors: readonly Interceptor[];
}

/**
 * Sends a request. `signal` is undefined if nothing limits the call. In the moment in which the request is handed to the
 * network, it sets `record.sent`, unless the signal has aborted by then: after that nothing may be sent.
 */
export type Send<I extends DescMessage, O extends DescMessage> = (
  request: UnaryRequest<I, O>,
  signal: AbortSignal | undefined,
  /** True if nobody but us sees the response on its way, so that parts of it may be made when they are asked for. */
  isOurs: boolean,
  record: CallRecord,
) => Promise<UnaryResponse<I, O>>;

const own = new WeakSet<Interceptor>();

/**
 * Marks an interceptor as one of ours: it passes on the request and the response that it got, where others may copy them.
 * So what few look at need not be there before somebody does. Of a request's headers it uses no more than `get`, `has` and
 * `set`, with names in small letters.
 */
export function ownInterceptor(interceptor: Interceptor): Interceptor {
  own.add(interceptor);
  return interceptor;
}

/**
 * Runs a unary call through its interceptors, and ends it at its deadline or with its caller's signal. An error that comes
 * before anything is sent is a rejection too.
 *
 * Connect's `runUnaryCall` makes two AbortControllers and two listeners for each call, and aborts them when it is over. Here
 * a signal that keeps the deadline already is passed on as it is, and a call without limits has none unless somebody asks.
 */
export function runUnary<I extends DescMessage, O extends DescMessage>(
  call: UnaryCall<I, O>,
  send: Send<I, O>,
): Promise<UnaryResponse<I, O>> {
  const { timeoutMs } = call;
  if (!areLimits(call.signal, timeoutMs)) {
    return rejectLimits(timeoutMs);
  }
  const hasOwnLimit =
    timeoutMs !== undefined && (call.signal === undefined || !endsWithin(call.signal, timeoutMs));
  const limits = hasOwnLimit ? startLimits(call.signal, timeoutMs) : undefined;
  const signal = limits ? limits.signal : call.signal;
  const fail = async (error: unknown): Promise<never> => {
    limits?.done();
    const { endedCall } = await import("#failures");
    throw endedCall(error, signal);
  };
  const result = attempt(() => intercept(call, signal, send));
  if (limits === undefined) {
    return result.catch(fail);
  }
  return result.then((response) => {
    limits.done();
    return response;
  }, fail);
}

async function rejectLimits(timeoutMs: unknown): Promise<never> {
  const { endedCall, invalidLimits } = await import("#failures");
  throw endedCall(invalidLimits(timeoutMs), undefined);
}

function intercept<I extends DescMessage, O extends DescMessage>(
  call: UnaryCall<I, O>,
  signal: AbortSignal | undefined,
  send: Send<I, O>,
): Promise<UnaryResponse<I, O>> {
  const { interceptors } = call;
  const record = recordOnWire(call.contextValues);
  const isOurs = interceptors.every((each) => own.has(each));
  const ours = new OwnRequest(call, signal, isOurs);
  // Interceptors of others get a signal of their own: the call's may be shared by all calls of a client.
  const request = isOurs ? ours : { ...ours, signal: joinSignals(ours.signal) };
  const last = (sent: UnaryRequest<I, O>): Promise<UnaryResponse<I, O>> => {
    // The interceptors may have taken longer than the call had time.
    throwIfEnded(record, signal);
    // One of them may have put another request, with another signal, in the place of this one.
    const isSame = isOurs || sent.signal === request.signal;
    return send(sent, isSame ? signal : joinSignals(ours.signal, sent.signal), isOurs, record);
  };
  let next = last as unknown as AnyFn;
  for (let at = interceptors.length - 1; at >= 0; at--) {
    next = interceptors[at]?.(next) ?? next;
  }
  return next(request) as Promise<UnaryResponse<I, O>>;
}

/** Returns a signal that aborts with the first of `signals`. Old browsers, which cannot join signals, get the first one. */
function joinSignals(first: AbortSignal, ...more: AbortSignal[]): AbortSignal {
  return typeof AbortSignal.any === "function" ? AbortSignal.any([first, ...more]) : first;
}

class OwnRequest<I extends DescMessage, O extends DescMessage> implements UnaryRequest<I, O> {
  readonly stream = false;
  readonly service: DescMethodUnary<I, O>["parent"];
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  readonly contextValues: ContextValues;
  readonly message: MessageShape<I>;
  #signal: AbortSignal | undefined;

  constructor(call: UnaryCall<I, O>, signal: AbortSignal | undefined, isOurs: boolean) {
    this.service = call.method.parent;
    this.method = call.method;
    this.requestMethod = call.requestMethod;
    this.url = call.url;
    this.header = beforeSending(() => call.header(isOurs));
    this.contextValues = call.contextValues ?? noContextValues();
    this.message = create(call.method.input, call.input);
    this.#signal = signal;
  }

  /** Of a call without limits it never aborts. */
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }
}
