import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { Code, type Transport, type UnaryResponse } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import { createUnsentError } from "../call/unsent-error.js";
import { Call, callOf } from "../call/call.js";
import {
  type CallTransport,
  toCallTransport,
  type UnaryCallRequest,
} from "../call/call-transport.js";
import { findDeadlineProblem } from "../call/call-options.js";
import { clientClosed } from "../call/client-closed.js";
import { startDeadline } from "../call/start-deadline.js";
import type { OpenCalls } from "../call/open-calls.js";
import type { Protocol } from "../call/protocol.js";
import { checkNumber } from "../utils/check-number.js";
import type { Hooks } from "./observe/hooks.js";
import type { Observer } from "./observe/observe.js";
import { lacksId, returnsId } from "./errors/missing-id.js";
import { convertError, loadFailureCode } from "./errors/convert-error.js";
import { streamWithErrors } from "./stream-with-errors.js";
import type { ZitadelError } from "./errors/zitadel-error.js";

/** Options of `withErrors`. */
export interface ErrorOptions {
  /** The wire protocol of the inner transport, for errors and hooks. */
  protocol?: Protocol | undefined;
  /** The base URL of the server, for hints and hooks. */
  baseUrl?: string | undefined;
  /** The timeout of calls that set none, in milliseconds. Default: 0, which means none. */
  timeoutMs?: number | undefined;
  /** Callbacks that are notified of each call. */
  hooks?: Hooks | undefined;
}

/** Options that only a client sets. */
interface ClientOptions {
  /** The list of open calls, through which a client waits for its calls or ends them when it is closed. */
  readonly calls?: OpenCalls | undefined;
  /** The secrets of the client, such as the credentials of its proxies, which must not be in any error. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Wraps a transport so that every failure becomes a `ZitadelError` and every deadline is kept: a call ends when its `timeoutMs`
 * has passed or its signal aborts, whatever the transport does.
 *
 * Put it around all other layers, so that one deadline covers tokens, attempts, pauses and bodies. Inner layers receive the time
 * that is left. Throws a TypeError if `timeoutMs` is invalid.
 *
 * @example
 * const wire = createGrpcTransport({ baseUrl, interceptors: [auth(token, { baseUrl })] });
 * const transport = withErrors(withRetry(wire), { protocol: "grpc", baseUrl, timeoutMs: 10_000 });
 */
export function withErrors(
  inner: Transport,
  options: ErrorOptions & ClientOptions = {},
): Transport {
  checkNumber("timeoutMs", options.timeoutMs, { least: 0 });
  const transport = toCallTransport(inner);
  return {
    unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      void loadFailureCode();
      const timeoutMs = ownTimeoutMs ?? options.timeoutMs;
      const problem = findDeadlineProblem(signal, timeoutMs);
      const { deadline, stop } = startDeadline(problem === undefined ? { signal, timeoutMs } : {});
      const request = { method, header, input, contextValues, deadline };
      return runCall(transport, request, { timeoutMs, problem, stop }, options);
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      if (options.calls?.isClosed) {
        throw createUnsentError(clientClosed, Code.FailedPrecondition);
      }
      const call = { method, signal, timeoutMs, header, input, contextValues };
      return await streamWithErrors(inner, options, call);
    },
  };
}

/** The timing of a call. */
interface CallTiming {
  /** The timeout of the call, in milliseconds; undefined or 0 for none. */
  readonly timeoutMs: number | undefined;
  /** The problem with its timeout or its signal. */
  readonly problem: string | undefined;
  /** Stops waiting for the events that end its deadline. */
  readonly stop: () => void;
}

/** Runs a call from its start to its end, and notifies the hooks of both. */
async function runCall<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  request: UnaryCallRequest<I, O>,
  timing: CallTiming,
  options: ErrorOptions & ClientOptions,
): Promise<UnaryResponse<I, O>> {
  const { method, input, contextValues, deadline } = request;
  const { calls, hooks, secrets } = options;
  const call = new Call(deadline, callOf(contextValues), secrets);
  const observer = hooks && (await startObserver(options, method, input, call));
  calls?.add(call);
  try {
    checkCanStart(call, timing.problem, calls);
    const response = await deadline.race(transport.send(call, request));
    if (returnsId(method) && lacksId(response.message)) {
      throw createMissingIdError();
    }
    observer?.onSuccess(response);
    return response;
  } catch (thrown) {
    const error = await convertFailure(thrown, call, request, timing, options);
    observer?.onFailure(error);
    throw error;
  } finally {
    timing.stop();
    calls?.remove(call);
  }
}

/** Throws if the call must not start: its signal or timeout is invalid, its client is closed, or it ended while it was prepared. */
function checkCanStart(
  { deadline }: Call,
  problem: string | undefined,
  calls: OpenCalls | undefined,
): void {
  if (problem !== undefined) {
    throw createUnsentError(problem, Code.InvalidArgument);
  }
  deadline.throwIfEnded();
  if (calls?.isClosed) {
    throw createUnsentError(clientClosed, Code.FailedPrecondition);
  }
}

/** Converts the failure of a call into the error that its caller gets. */
async function convertFailure<I extends DescMessage, O extends DescMessage>(
  thrown: unknown,
  call: Call,
  { method, input, deadline }: UnaryCallRequest<I, O>,
  { timeoutMs, stop }: CallTiming,
  { protocol, baseUrl }: ErrorOptions,
): Promise<ZitadelError> {
  // Read these before anything else, because they change with time.
  const { ending, reason, remainingMs } = deadline;
  stop();
  return await convertError(thrown, {
    method,
    input,
    protocol,
    baseUrl,
    call,
    timeoutMs,
    ending,
    remainingMs,
    abortReason: reason,
  });
}

/**
 * Creates the observer that notifies the hooks of a call. Loads the code for hooks on demand, because it redacts messages. A failed
 * import must not make the call fail.
 */
async function startObserver(
  options: ErrorOptions,
  method: DescMethod,
  input: unknown,
  call: Call,
): Promise<Observer | undefined> {
  const { hooks } = options;
  if (hooks?.onRequest === undefined && hooks?.onResponse === undefined) {
    return undefined;
  }
  const loaded = await import("./observe/observe.js").catch(() => undefined);
  return loaded?.observe(options, method, input, call);
}

/** Creates the error of a response to an Add that has no id. */
function createMissingIdError(): AttemptError {
  return new AttemptError(
    "the response has no id, which ZITADEL sends after an Add: another server may have answered",
    Code.Unknown,
    { isUnusable: true },
  );
}
