import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { Interceptor, UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { type Call, withCall } from "../call/call.js";
import type { UnaryCallRequest } from "../call/call-transport.js";
import { Deadline } from "../call/deadline.js";
import { toPlainResponse } from "./unary-response.js";

/** The header fields of a request by their lower-case names. */
export type HeaderFields = Record<string, string>;

/** The parts of a request that a policy reads and changes. */
interface PolicyRequest {
  readonly url: string;
  readonly fields: HeaderFields;
  /** The end of the attempt: that of its call, or earlier if an interceptor has set another signal. */
  readonly deadline: Deadline;
  /** True for a stream, whose messages cannot be sent a second time. */
  readonly stream?: boolean;
}

/** A unary request on its way to the network. */
export interface AttemptRequest<I extends DescMessage> extends PolicyRequest {
  readonly message: MessageShape<I>;
}

/**
 * Sends a request. The function sets `call.sent` in the moment in which it hands the request to the network. It must send nothing
 * after the deadline has ended.
 */
type SendAttempt<I extends DescMessage, O extends DescMessage> = (
  request: AttemptRequest<I>,
  call: Call,
) => Promise<UnaryResponse<I, O>>;

/** A function around each attempt, inside the interceptors: it may set header fields, and may send the request once more. */
export type AttemptPolicy = <Q extends PolicyRequest, R>(
  request: Q,
  call: Call,
  send: (request: Q, call: Call) => Promise<R>,
) => Promise<R>;

/** The layers of a transport around the sending of a request. */
export interface AttemptLayers {
  /** The caller's interceptors. */
  readonly interceptors: readonly Interceptor[];
  /** The policy of the client that uses the transport. */
  readonly policy: AttemptPolicy | undefined;
}

/** The protocol's part of a request, before the interceptors run. */
interface ProtocolPart {
  readonly requestMethod: string;
  readonly url: string;
  readonly fields: HeaderFields;
}

/** Runs one attempt of a call: through the interceptors, then through the policy, then to the network by `send`. */
export function runAttempt<I extends DescMessage, O extends DescMessage>(
  call: Call,
  request: UnaryCallRequest<I, O>,
  protocol: ProtocolPart,
  { interceptors, policy }: AttemptLayers,
  send: SendAttempt<I, O>,
): Promise<UnaryResponse<I, O>> {
  const { method, input, deadline } = request;
  const afterInterceptors: SendAttempt<I, O> = (attempt) => {
    // The call may have ended while the interceptors ran.
    attempt.deadline.throwIfEnded();
    return policy === undefined ? send(attempt, call) : policy(attempt, call, send);
  };
  const { url, fields } = protocol;
  const attempt = { url, fields, message: create(method.input, input), deadline };
  return interceptors.length === 0
    ? afterInterceptors(attempt, call)
    : runInterceptors(
        call,
        request,
        protocol.requestMethod,
        attempt,
        interceptors,
        afterInterceptors,
      );
}

/** The function that interceptors wrap. Connect does not export its type. */
type AnyFn = ReturnType<Interceptor>;

async function runInterceptors<I extends DescMessage, O extends DescMessage>(
  call: Call,
  { method, contextValues }: UnaryCallRequest<I, O>,
  requestMethod: string,
  { url, fields, message, deadline }: AttemptRequest<I>,
  interceptors: readonly Interceptor[],
  send: SendAttempt<I, O>,
): Promise<UnaryResponse<I, O>> {
  const request: UnaryRequest<I, O> = {
    stream: false,
    service: method.parent,
    method,
    requestMethod,
    url,
    header: new Headers(fields),
    contextValues: withCall(call, contextValues),
    message,
    signal: deadline.signal,
  };
  const last = async (sent: UnaryRequest<I, O>): Promise<UnaryResponse<I, O>> => {
    const attempt = {
      url: sent.url,
      fields: Object.fromEntries(sent.header),
      message: sent.message,
    };
    if (sent.signal === deadline.signal) {
      return toPlainResponse(await send({ ...attempt, deadline }, call));
    }
    // An interceptor has set another signal. The attempt then ends with the first of the two.
    const own = new Deadline(sent.signal, 0, deadline);
    try {
      return toPlainResponse(await send({ ...attempt, deadline: own }, call));
    } finally {
      own.release();
    }
  };
  const chain = interceptors.reduceRight<AnyFn>(
    (next, interceptor) => interceptor(next),
    last as unknown as AnyFn,
  );
  return (await chain(request)) as UnaryResponse<I, O>;
}
