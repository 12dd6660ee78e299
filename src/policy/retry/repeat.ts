import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { fraction } from "../../utils/fraction.js";
import { leftMs } from "../../call/deadline.js";
import { isAlreadyDone } from "./already-done.js";
import type { RetryBudget } from "./budget.js";
import type { CallRecord } from "../../call/call-record.js";
import type { HookOptions } from "../observe/hooks.js";
import { judge, type Verdict } from "./classify.js";
import { callAttributes, tell } from "../observe/observe.js";
import { backoffMs, pause, retryAfterMs } from "../../call/pause.js";
import type { RetryOptions } from "./retry.js";
import { toZitadelError } from "../errors/to-zitadel-error.js";
import { errorId } from "../errors/zitadel-error.js";

/**
 * The response header that marks a success that was concluded from the response to a retry. Its value is the id of ZITADEL's
 * error.
 */
const alreadyDoneHeader = "zitadel-idp-already-done";

/** A call whose first attempt has failed. */
export interface FailedTry<I extends DescMessage, O extends DescMessage> {
  readonly method: DescMethodUnary<I, O>;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly header: HeadersInit | undefined;
  readonly input: MessageInitShape<I>;
  readonly values: ContextValues;
  readonly record: CallRecord;
  /** The deadline, on the clock of `performance.now()`. */
  readonly end: number;
}

/** Continues a call after its first failure: classifies each failure, and retries where a retry can do no harm. */
export async function repeat<I extends DescMessage, O extends DescMessage>(
  inner: Transport,
  call: FailedTry<I, O>,
  firstFailure: unknown,
  options: RetryOptions & HookOptions & { readonly budget: RetryBudget },
): Promise<UnaryResponse<I, O>> {
  const { method, signal, timeoutMs, header, input, values, record, end } = call;
  const { budget } = options;
  let thrown = firstFailure;
  for (let attempt = 1; ; attempt++) {
    const error = ConnectError.from(thrown);
    if (signal?.aborted || record.closed !== undefined || performance.now() >= end) {
      throw thrown;
    }
    const left = end === Number.POSITIVE_INFINITY ? timeoutMs : leftMs(end - performance.now());
    const verdict = judge(error);
    const id = errorId(error);
    const mayBeDoneBefore = record.mayBeDone;
    record.mayBeDone ||= record.sent && verdict.mayBeDone;
    if (
      id !== undefined &&
      mayBeDoneBefore &&
      isAlreadyDone(method, { code: error.code, id }) &&
      (await isGone(inner, method, input, [signal, left, header], values))
    ) {
      record.alreadyDone = id;
      return doneBefore(method, id);
    }
    // An attempt that was never sent was not carried out, whatever its error says.
    const mayBeDone = record.sent && verdict.mayBeDone;
    const pauseMs = nextPauseMs(method, attempt, { ...verdict, mayBeDone }, error, options);
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
    record.sent = false;
    await pause(pauseMs, signal, record);
    record.attempts++;
    try {
      record.sent = true;
      const leftNow =
        end === Number.POSITIVE_INFINITY ? timeoutMs : leftMs(end - performance.now());
      const response = await inner.unary(method, signal, leftNow, header, input, values);
      budget.refill();
      return response;
    } catch (failure) {
      thrown = failure;
    }
  }
}

/** Returns the pause before the next attempt in milliseconds, or undefined if there must not be one. */
function nextPauseMs(
  method: DescMethod,
  attempt: number,
  verdict: Verdict,
  error: ConnectError,
  options: RetryOptions,
): number | undefined {
  const { maxAttempts = 5, maxRetryAfterMs = 30_000, random = Math.random } = options;
  const bounds = { initialMs: options.initialPauseMs ?? 200, maxMs: options.maxPauseMs ?? 5000 };
  if (!verdict.transient || attempt >= maxAttempts) {
    return undefined;
  }
  if (verdict.mayBeDone && !method.idempotency) {
    return undefined;
  }
  const asked = retryAfterMs(error.metadata, Date.now());
  if (asked !== undefined) {
    // Waits a little longer than asked, so that clients do not all return at once.
    return asked > maxRetryAfterMs ? undefined : asked + fraction(random) * bounds.initialMs;
  }
  return verdict.refused && attempt === 1 ? 0 : backoffMs(attempt, bounds, random);
}

/**
 * Checks that the provider that a DeleteProvider did not find is really gone. ZITADEL sends the same error for a provider of type
 * ZITADEL, which some versions refuse to delete. The read is never stale. All other RPCs return true, because their errors are
 * unambiguous.
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

/** Builds an empty response for a write that an earlier attempt already completed. */
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
