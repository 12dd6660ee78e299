import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { type CallRecord, recordOnWire, throwIfEnded } from "../call/call-record.js";
import { attempt } from "../call/attempt.js";
import { beforeSending } from "./before-sending.js";
import { areLimits } from "../call/call-options.js";
import { noContextValues } from "../call/context-values.js";
import { endsWithin, startLimits } from "../call/deadline.js";

/** The function that interceptors wrap. Connect does not export its type. */
type AnyFn = ReturnType<Interceptor>;

/** The arguments of a unary call, and the protocol's additions. */
export interface UnaryCall<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly url: string;
  /**
   * Returns the caller's headers together with those of the protocol. It may throw. With `isOurs`, the result only needs the
   * methods `get`, `has` and `set`.
   */
  readonly header: (isOurs: boolean) => Headers;
  readonly input: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly interceptors: readonly Interceptor[];
}

/**
 * A function that sends a request. `signal` is undefined if nothing limits the call. The function sets `record.sent` in the
 * moment in which it hands the request to the network. If the signal has aborted by then, it must send nothing.
 */
export type Send<I extends DescMessage, O extends DescMessage> = (
  request: UnaryRequest<I, O>,
  signal: AbortSignal | undefined,
  /** True if only our own interceptors see the response, so that parts of it may be created on first access. */
  isOurs: boolean,
  record: CallRecord,
) => Promise<UnaryResponse<I, O>>;

const own = new WeakSet<Interceptor>();

/**
 * Marks an interceptor as our own. It must pass on the request and response objects that it receives, whereas foreign
 * interceptors may copy them. Rarely used parts can then be created on first access. Of the request headers, it may only use
 * `get`, `has` and `set`, with lower-case names.
 */
export function ownInterceptor(interceptor: Interceptor): Interceptor {
  own.add(interceptor);
  return interceptor;
}

/**
 * Runs a unary call through its interceptors, and ends it at its deadline or when its caller's signal aborts. All errors are
 * rejections, even those before sending.
 *
 * Connect's `runUnaryCall` creates two AbortControllers and two listeners for each call, and aborts them at its end. Here, a
 * signal that already enforces the deadline is passed on as it is, and a call without limits gets a signal only on demand.
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
  // Foreign interceptors get a signal of their own, because all calls of a client may share the caller's signal.
  const request = isOurs ? ours : { ...ours, signal: joinSignals(ours.signal) };
  const last = (sent: UnaryRequest<I, O>): Promise<UnaryResponse<I, O>> => {
    // The call may have ended while the interceptors ran.
    throwIfEnded(record, signal);
    // A foreign interceptor may have passed on another request with another signal.
    const isSame = isOurs || sent.signal === request.signal;
    return send(sent, isSame ? signal : joinSignals(ours.signal, sent.signal), isOurs, record);
  };
  let next = last as unknown as AnyFn;
  for (let at = interceptors.length - 1; at >= 0; at--) {
    next = interceptors[at]?.(next) ?? next;
  }
  return next(request) as Promise<UnaryResponse<I, O>>;
}

/** Returns a signal that aborts with the first of `signals`. Old browsers cannot combine signals, and get the first one. */
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

  /** Returns the signal of the call. For a call without limits, it never aborts. */
  get signal(): AbortSignal {
    return (this.#signal ??= new AbortController().signal);
  }
}
