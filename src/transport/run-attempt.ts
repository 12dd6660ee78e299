import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { ContextValues, Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { type Call, withCall } from "../call/call.js";
import type { Deadline } from "../call/deadline.js";
import { startDeadline } from "../call/start-deadline.js";
import { toPlainResponse } from "./unary-response.js";

/** The header fields of a request by their lower-case names. */
export type HeaderFields = Record<string, string>;

/** A request that a policy may change before it is sent. */
interface OutgoingRequest {
  /** The state of the call that the request belongs to. */
  readonly call: Call;
  readonly url: string;
  readonly fields: HeaderFields;
  /** The end of the request: that of its call, or earlier if an interceptor has set another signal. */
  readonly deadline: Deadline;
  /**
   * True if a forward proxy gets all requests of the transport, also those to this machine, where a token then needs TLS too. A proxy
   * of the environment never gets requests to this machine. Default: false.
   */
  readonly hasProxy?: boolean | undefined;
  /** True for a stream, whose messages cannot be sent a second time. */
  readonly isStream?: boolean | undefined;
}

/** One attempt of a unary call. */
export interface Attempt<I extends DescMessage, O extends DescMessage> extends OutgoingRequest {
  readonly method: DescMethodUnary<I, O>;
  readonly requestMethod: string;
  readonly message: MessageShape<I>;
  readonly contextValues: ContextValues | undefined;
}

/** A function around each request, inside the interceptors: it may set header fields, and may send the request once more. */
export type RequestPolicy = <Q extends OutgoingRequest, R>(
  request: Q,
  send: (request: Q) => Promise<R>,
) => Promise<R>;

/** The layers of a transport around the sending of a request. */
export interface AttemptLayers {
  /** The caller's interceptors. */
  readonly interceptors: readonly Interceptor[];
  /** The policy of the client that uses the transport. */
  readonly policy: RequestPolicy | undefined;
}

/**
 * A function that sends an attempt and returns its response. It sets `call.sent` in the moment in which it hands the request to the
 * network. It must send nothing after the deadline has ended.
 */
type SendAttempt<I extends DescMessage, O extends DescMessage> = (
  attempt: Attempt<I, O>,
) => Promise<UnaryResponse<I, O>>;

/** Runs an attempt through the interceptors and the policy, and sends it with `send`. */
export function runAttempt<I extends DescMessage, O extends DescMessage>(
  attempt: Attempt<I, O>,
  { interceptors, policy }: AttemptLayers,
  send: SendAttempt<I, O>,
): Promise<UnaryResponse<I, O>> {
  const sendByPolicy: SendAttempt<I, O> = (intercepted) => {
    // The call may have ended while the interceptors ran.
    intercepted.deadline.throwIfEnded();
    return policy === undefined ? send(intercepted) : policy(intercepted, send);
  };
  return interceptors.length === 0
    ? sendByPolicy(attempt)
    : runInterceptors(attempt, interceptors, sendByPolicy);
}

/** Runs Connect interceptors around an attempt. `next` gets the attempt with their changes. */
async function runInterceptors<I extends DescMessage, O extends DescMessage>(
  attempt: Attempt<I, O>,
  interceptors: readonly Interceptor[],
  next: SendAttempt<I, O>,
): Promise<UnaryResponse<I, O>> {
  const request = toConnectRequest(attempt);
  return await wrapInterceptors<I, O>(interceptors, async (changed) => {
    // With another signal of an interceptor, the request ends with the first of the two.
    const own =
      changed.signal === request.signal
        ? undefined
        : startDeadline({ signal: changed.signal, outer: attempt.deadline });
    try {
      const response = await next({
        ...attempt,
        url: changed.url,
        fields: Object.fromEntries(changed.header),
        message: changed.message,
        deadline: own?.deadline ?? attempt.deadline,
      });
      return toPlainResponse(response);
    } finally {
      own?.stop();
    }
  })(request);
}

function toConnectRequest<I extends DescMessage, O extends DescMessage>(
  attempt: Attempt<I, O>,
): UnaryRequest<I, O> {
  const { call, method, requestMethod, url, message } = attempt;
  return {
    stream: false,
    service: method.parent,
    method,
    requestMethod,
    url,
    header: new Headers(attempt.fields),
    contextValues: withCall(call, attempt.contextValues, attempt.hasProxy),
    message,
    signal: attempt.deadline.signal,
  };
}

type UnaryFunction<I extends DescMessage, O extends DescMessage> = (
  request: UnaryRequest<I, O>,
) => Promise<UnaryResponse<I, O>>;

/** Wraps interceptors around a function, the first one outermost. */
function wrapInterceptors<I extends DescMessage, O extends DescMessage>(
  interceptors: readonly Interceptor[],
  innermost: UnaryFunction<I, O>,
): UnaryFunction<I, O> {
  // Interceptors are typed for any message, and must return the response of the request that they got.
  type AnyFunction = ReturnType<Interceptor>;
  const wrapped = interceptors.reduceRight<AnyFunction>(
    (next, interceptor) => interceptor(next),
    innermost as unknown as AnyFunction,
  );
  return wrapped as unknown as UnaryFunction<I, O>;
}
