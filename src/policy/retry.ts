import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { isAlreadyDone } from "./already-done.js";
import { createRetryBudget, type RetryBudget } from "./budget.js";
import { recordCall } from "./call.js";
import { leftMs } from "../transport/limits.js";
import { callAttributes, type HookOptions, tell } from "./hooks.js";
import { judge, type Verdict } from "./judge.js";
import { backoffMs, pause, retryAfterMs } from "./pause.js";
import { toZitadelError } from "./to-zitadel-error.js";
import { errorId } from "./zitadel-error.js";

/** Tells, with the id of ZITADEL's error, that a success was concluded from the answer to a repeat. */
const alreadyDoneHeader = "zitadel-idp-already-done";

/** How failed calls are repeated. */
export interface RetryOptions {
  /** How many requests there may be of one call, the first among them. Default: 5. */
  maxAttempts?: number | undefined;
  /** The upper end of the first pause, in milliseconds; it doubles each time. Default: 200. */
  initialPauseMs?: number | undefined;
  /** The upper end of all pauses, in milliseconds. Default: 5000. */
  maxPauseMs?: number | undefined;
  /** The longest `Retry-After` that is waited for, in milliseconds; after a longer one the call fails. Default: 30,000. */
  maxRetryAfterMs?: number | undefined;
  /** Takes the place of `Math.random`, from which pauses are drawn. */
  random?: (() => number) | undefined;
}

/**
 * Repeats failed unary calls of a transport where that can do no harm.
 *
 * - Never sent, or refused before the server began: any RPC is repeated.
 * - Possibly carried out: only RPCs whose proto says `idempotency_level`: reads, full-replace updates, removals. An Add is
 *   never sent twice: see `resolveCreate`.
 * - Refused by ZITADEL (permission, validation, not found …): final.
 *
 * When the answer to the first try was lost and the repeat finds the work done (a removal that finds nothing, a legacy
 * update that is "not changed"), the call succeeds with an empty message; the response header `zitadel-idp-already-done`
 * and the hook `onResponse` say so.
 *
 * Pauses are random below an upper end that doubles, `Retry-After` goes before, and no pause outlasts the deadline: then
 * the call fails at once. All calls of a transport share a budget of repeats: 100 in a row, then one for five successes;
 * those that the server refused to begin with cost nothing.
 */
export function withRetry(
  inner: Transport,
  options: RetryOptions & HookOptions & { budget?: RetryBudget } = {},
): Transport {
  const { budget = createRetryBudget() } = options;
  const random = options.random ?? Math.random;
  const { maxAttempts = 5, maxRetryAfterMs = 30_000 } = options;
  const bounds = { initialMs: options.initialPauseMs ?? 200, maxMs: options.maxPauseMs ?? 5000 };

  /** How long to wait before the next try; undefined if there shall be none. */
  const nextPauseMs = (
    method: DescMethod,
    attempt: number,
    verdict: Verdict,
    error: ConnectError,
  ): number | undefined => {
    if (!verdict.transient || attempt >= maxAttempts) {
      return undefined;
    }
    if (verdict.mayBeDone && !method.idempotency) {
      return undefined;
    }
    const asked = retryAfterMs(error.metadata, Date.now());
    if (asked !== undefined) {
      // A little more, and not all at once.
      return asked > maxRetryAfterMs ? undefined : asked + random() * bounds.initialMs;
    }
    return verdict.refused && attempt === 1 ? 0 : backoffMs(attempt, bounds, random);
  };

  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const [record, values] = recordCall(contextValues);
      const limited = timeoutMs !== undefined && timeoutMs > 0;
      const end = limited ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
      for (let attempt = 1; ; attempt++) {
        const left = limited ? leftMs(end - performance.now()) : timeoutMs;
        try {
          record.waiting = false;
          const response = await inner.unary(method, signal, left, header, input, values);
          budget.refill();
          return response;
        } catch (thrown) {
          const error = ConnectError.from(thrown);
          if (signal?.aborted || performance.now() >= end) {
            throw thrown;
          }
          const verdict = judge(error);
          const id = errorId(error);
          if (
            id !== undefined &&
            record.mayBeDone &&
            isAlreadyDone(method, { code: error.code, id }) &&
            (await isGone(inner, method, input, [signal, left, header], values))
          ) {
            record.alreadyDone = id;
            return doneBefore(method, id);
          }
          record.mayBeDone ||= verdict.mayBeDone;
          const pauseMs = nextPauseMs(method, attempt, verdict, error);
          if (
            pauseMs === undefined ||
            performance.now() + pauseMs >= end ||
            !(verdict.refused || budget.take())
          ) {
            throw thrown;
          }
          tell(options.hooks, "onRetry", () => ({
            attributes: callAttributes(options, method),
            attempt,
            pauseMs,
            error: toZitadelError(error, {
              method,
              input,
              record,
              protocol: options.protocol,
              baseUrl: options.baseUrl,
            }),
          }));
          record.waiting = true;
          await pause(pauseMs, signal);
          record.attempts++;
        }
      }
    },
    stream: (...call) => inner.stream(...call),
  };
}

/**
 * Whether what a DeleteProvider did not find is gone indeed: ZITADEL answers the same for a provider of type ZITADEL, which
 * some versions refuse to delete. The read is never stale. Every other RPC says what it means.
 */
async function isGone(
  wire: Transport,
  { name, parent }: DescMethod,
  input: object,
  [signal, timeoutMs, header]: [
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersInit | undefined,
  ],
  values: ContextValues,
): Promise<boolean> {
  const read = parent.method["getProviderByID"] as DescMethodUnary | undefined;
  if (name !== "DeleteProvider" || read === undefined || !("id" in input)) {
    return true;
  }
  try {
    await wire.unary(read, signal, timeoutMs, header, { id: input.id }, values);
    return false;
  } catch (error) {
    return ConnectError.from(error).code === Code.NotFound;
  }
}

/** A success of which only the fact is known. */
function doneBefore<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  id: string,
): UnaryResponse<I, O> {
  return {
    stream: false,
    service: method.parent,
    method,
    header: new Headers({ [alreadyDoneHeader]: id }),
    message: create(method.output),
    trailer: new Headers(),
  };
}
