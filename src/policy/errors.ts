import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError, Transport } from "@connectrpc/connect";
import type { Protocol } from "../runtime/runtime.js";
import { type Abortable, type CallRecord, recordCall, throwIfEnded } from "../call/call-record.js";
import type { OpenCalls } from "../call/open-calls.js";
import { checkNumber } from "../check-number.js";
import { clientClosed, connectError } from "../connect-error.js";
import { withEvidence } from "../transport/evidence.js";
import { attempt } from "../transport/attempt.js";
import { areLimits } from "../transport/call-options.js";
import { leftMs, noLimits, startLimits } from "../transport/limits.js";
import type { Hooks } from "./hooks.js";
import { loadFailures } from "./load-failures.js";
import { answersWithId, lacksId } from "./lacks-id.js";
import type { Observer } from "./observe.js";

/** What `withErrors` takes. */
export interface ErrorOptions {
  /** The wire inside, as errors and hooks say it. */
  protocol?: Protocol | undefined;
  /** The address that is called, for hints and hooks. */
  baseUrl?: string | undefined;
  /** The deadline of calls that have none of their own, in milliseconds. 0, and by default: none. */
  timeoutMs?: number | undefined;
  /** What is told of each call. */
  hooks?: Hooks | undefined;
}

/** The seam through which a client waits for its calls, or ends them, when it is closed. */
interface ClosableOptions {
  readonly calls?: OpenCalls | undefined;
}

/**
 * Makes every failure of a transport a `ZitadelError`, and keeps deadlines: a call ends when its `timeoutMs` has passed or
 * its signal aborts, whatever the transport does. It goes around everything else, so that one deadline holds for tokens,
 * attempts, pauses and bodies; what is inside is told what is left of it.
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
          // Before anything is waited for.
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
      // ZITADEL's services have none.
      const { streamWithErrors } = await import("#failures");
      return await streamWithErrors(inner, options, ...call);
    },
  };
}

/** Returns what `work` gives, or rejects as soon as the client is closed by force. */
function untilClosed<T>(work: Promise<T>, record: CallRecord): Promise<T> {
  return new Promise((resolve, reject) => {
    record.reject = reject;
    work.then(resolve, reject);
  });
}

function closedError(): ConnectError {
  return withEvidence(connectError("failed_precondition", clientClosed), { notDone: "unsent" });
}

/** Stand for errors whose texts are loaded with the first failure. */
const badLimits = new Error();
const noId = new Error();

/** What tells the hooks of a call, which is loaded if there are any. That it cannot be must not make the call fail. */
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
