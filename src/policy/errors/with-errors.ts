import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError, Transport } from "@connectrpc/connect";
import type { Protocol } from "../../call/protocol.js";
import {
  type Abortable,
  type CallRecord,
  recordCall,
  throwIfEnded,
} from "../../call/call-record.js";
import type { OpenCalls } from "../../call/open-calls.js";
import { checkNumber } from "../../utils/check-number.js";
import { clientClosed, connectError } from "../../call/connect-error.js";
import { withEvidence } from "../../call/evidence.js";
import { attempt } from "../../call/attempt.js";
import { areLimits } from "../../call/call-options.js";
import { leftMs, noLimits, startLimits } from "../../call/deadline.js";
import type { Hooks } from "../observe/hooks.js";
import { loadFailures } from "./load-failures.js";
import { answersWithId, lacksId } from "./lacks-id.js";
import type { Observer } from "../observe/observe.js";

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

/** Internal option: the list of open calls, through which a client waits for its calls or ends them when it is closed. */
interface ClosableOptions {
  readonly calls?: OpenCalls | undefined;
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
  options: ErrorOptions & ClosableOptions = {},
): Transport {
  checkNumber("timeoutMs", options.timeoutMs, { least: 0 });
  const { protocol, baseUrl, calls } = options;
  return {
    unary(method, signal, ownTimeoutMs, header, input, contextValues) {
      const timeoutMs = ownTimeoutMs ?? options.timeoutMs;
      const [record, values] = recordCall(contextValues);
      const isRight = areLimits(signal, timeoutMs);
      const limits = isRight ? startLimits(signal, timeoutMs) : noLimits;
      const start = (
        observer?: Observer,
      ): ReturnType<typeof inner.unary<typeof method.input, typeof method.output>> => {
        const end = (): void => {
          limits.done();
          calls?.remove(record);
        };
        const fail = async (thrown: unknown): Promise<never> => {
          // Read these before the first await, because they change with time.
          const ending = limits.ending ?? (record.closed === undefined ? undefined : "closed");
          const remainingMs = limits.remainingMs();
          end();
          const { failedCall, invalidLimits, missingId } = await loadFailures(
            thrown,
            method,
            record,
          );
          const cause = thrown === noId ? missingId() : isRight ? thrown : invalidLimits(timeoutMs);
          const error = failedCall(cause, remainingMs, {
            method,
            input,
            protocol,
            baseUrl,
            record,
            timeoutMs,
            ending,
            abortReason: signal?.reason,
          });
          observer?.failed(error);
          throw error;
        };
        record.limits = limits.abort === undefined ? undefined : (limits as Abortable);
        calls?.add(record);
        const work = attempt(() => {
          if (!isRight) {
            throw badLimits;
          }
          throwIfEnded(record, limits.signal);
          if (calls?.isClosed) {
            throw closedError();
          }
          record.sent = true;
          const left = leftMs(limits.remainingMs());
          return inner.unary(method, limits.signal, left, header, input, values);
        });
        const hasId = answersWithId(method);
        const raced =
          calls !== undefined && limits === noLimits
            ? untilClosed(work, record)
            : limits.race(work);
        return raced.then((response) => {
          if (hasId && lacksId(response.message)) {
            return fail(noId);
          }
          end();
          observer?.succeeded(response);
          return response;
        }, fail);
      };
      return options.hooks === undefined
        ? start()
        : startObserver(options, method, input, record).then(start);
    },
    async stream(...call) {
      if (calls?.isClosed) {
        throw closedError();
      }
      // ZITADEL's services have no streams, so their code is loaded on demand.
      const { streamWithErrors } = await import("#failures");
      return await streamWithErrors(inner, options, ...call);
    },
  };
}

/** Returns the result of `work`, or rejects as soon as the client is closed with `force`. */
function untilClosed<T>(work: Promise<T>, record: CallRecord): Promise<T> {
  return new Promise((resolve, reject) => {
    record.reject = reject;
    work.then(resolve, reject);
  });
}

function closedError(): ConnectError {
  return withEvidence(connectError("failed_precondition", clientClosed), { notDone: "unsent" });
}

/** Placeholders for errors whose texts are loaded with the first failure. */
const badLimits = new Error();
const noId = new Error();

/**
 * Loads and creates the observer that notifies the hooks of a call, if there are any. A failed import must not make the call
 * fail.
 */
async function startObserver(
  options: ErrorOptions,
  method: DescMethod,
  input: unknown,
  record: CallRecord,
): Promise<Observer | undefined> {
  const { hooks } = options;
  if (hooks?.onRequest === undefined && hooks?.onResponse === undefined) {
    return undefined;
  }
  const loaded = await import("#observe").catch(() => undefined);
  return loaded?.observe(options, method, input, record);
}
