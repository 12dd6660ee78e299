import type { DescMessage, DescMethodUnary, MessageInitShape } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { AttemptError } from "./attempt-error.js";
import { Call, callOf, withCall } from "./call.js";
import { createUnsentError } from "./unsent-error.js";
import { findDeadlineProblem } from "./call-options.js";
import type { Deadline } from "./deadline.js";
import { startDeadline } from "./start-deadline.js";
import { readConnectFacts } from "./read-connect-facts.js";
import { computeAttemptTimeoutMs, longestTimeoutMs } from "./timeout-header.js";

/** A unary request, as the layers of a call pass it on. */
export interface UnaryCallRequest<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly header: HeadersInit | undefined;
  readonly input: MessageInitShape<I>;
  readonly contextValues: ContextValues | undefined;
  /** The end of this request: that of its call, or an earlier one that an interceptor or transport of the caller has set. */
  readonly deadline: Deadline;
}

/** Sends a request that belongs to `call`, and returns its response. */
type SendCall = <I extends DescMessage, O extends DescMessage>(
  call: Call,
  request: UnaryCallRequest<I, O>,
) => Promise<UnaryResponse<I, O>>;

/**
 * A Connect transport that receives the state of a call from the layer around it. The transports of this package and `withRetry` are of
 * this class. Other code calls `unary`, which creates the state; layers of this package call `send` with the state they have.
 */
export class CallTransport implements Transport {
  readonly send: SendCall;
  readonly unary: Transport["unary"];
  readonly stream: Transport["stream"];
  readonly #ownUnary: Transport["unary"];

  /** Creates a transport. `defaultTimeoutMs` is the timeout of calls that set none. */
  constructor(send: SendCall, stream: Transport["stream"], defaultTimeoutMs = 0) {
    this.send = defaultTimeoutMs > 0 ? withDefaultTimeout(send, defaultTimeoutMs) : send;
    this.stream = stream;
    this.unary = this.#ownUnary = async (
      method,
      signal,
      ownTimeoutMs,
      header,
      input,
      contextValues,
    ) => {
      const timeoutMs = ownTimeoutMs ?? defaultTimeoutMs;
      const problem = findDeadlineProblem(signal, timeoutMs);
      if (problem !== undefined) {
        throw createUnsentError(problem, Code.InvalidArgument);
      }
      const { deadline, stop } = startDeadline({ signal, timeoutMs });
      // An interceptor or transport of the caller may stand between two layers of this package. Both layers then share one call.
      const call = callOf(contextValues) ?? new Call(deadline);
      call.sent = false;
      call.isTransportOfCaller = false;
      try {
        const request = { method, header, input, contextValues, deadline };
        return await deadline.race(send(call, request));
      } catch (thrown) {
        const error = toConnectError(thrown, deadline);
        // An error of an interceptor: an outer interceptor or transport of the caller does not change that.
        AttemptError.record(error, {});
        throw error;
      } finally {
        stop();
      }
    };
  }

  /** Returns true for a transport of this class, unless other code has wrapped it or has replaced its `unary`. */
  static isInstance(transport: Transport): transport is CallTransport {
    return #ownUnary in transport && transport.#ownUnary === transport.unary;
  }
}

/** Adds a timeout to requests without one. An outer layer that creates the call does not know the default of this transport. */
function withDefaultTimeout(send: SendCall, timeoutMs: number): SendCall {
  return async (call, request) => {
    if (request.deadline.remainingMs !== Number.POSITIVE_INFINITY) {
      return await send(call, request);
    }
    const { deadline, stop } = startDeadline({ timeoutMs, outer: request.deadline });
    try {
      return await deadline.race(send(call, { ...request, deadline }));
    } finally {
      stop();
    }
  };
}

/** Converts anything that was thrown to a ConnectError. */
function toConnectError(thrown: unknown, { ending }: Deadline): ConnectError {
  return ConnectError.from(thrown, ending === undefined ? Code.Unknown : Code.Canceled);
}

/**
 * Returns a transport of this package itself. Wraps any other transport, which gets the call in its context values. The
 * wrapper records the facts about its errors.
 */
export function toCallTransport(transport: Transport): CallTransport {
  if (CallTransport.isInstance(transport)) {
    return transport;
  }
  return new CallTransport(
    async (call, { method, header, input, contextValues, deadline }) => {
      // The call may have ended while it waited for its token.
      deadline.throwIfEnded();
      // The transport does not report when it sends.
      call.sent = true;
      call.isTransportOfCaller = true;
      const timeoutMs = computeAttemptTimeoutMs(deadline) ?? Number.POSITIVE_INFINITY;
      try {
        return await transport.unary(
          method,
          deadline.signal,
          // Connect's transports would send a header of more than eight digits.
          timeoutMs > longestTimeoutMs ? undefined : timeoutMs,
          header,
          input,
          withCall(call, contextValues),
        );
      } catch (thrown) {
        const error = toConnectError(thrown, deadline);
        AttemptError.record(error, readConnectFacts(error));
        throw error;
      }
    },
    (...stream) => transport.stream(...stream),
  );
}
