import type { DescMessage } from "@bufbuild/protobuf";
import { ConnectError, type Transport, type UnaryResponse } from "@connectrpc/connect";
import { countAttempt, prepareAttempt, recordFailure } from "../../call/attempts.js";
import type { Call } from "../../call/call.js";
import {
  CallTransport,
  toCallTransport,
  type UnaryCallRequest,
} from "../../call/call-transport.js";
import { pause } from "../../call/pause.js";
import { readRetryAfterMs } from "../../call/retry-after.js";
import type { HookOptions } from "../observe/hooks.js";
import { notifyRetry } from "../observe/notify-retry.js";
import { createRetryBudget, type RetryBudget } from "./retry-budget.js";
import { classify } from "../classify/classify.js";
import { findEarlierSuccess } from "./find-earlier-success.js";
import { checkRetryOptions, defaultMaxAttempts, type RetryOptions } from "./retry-options.js";
import { type FailedAttempt, chooseRetryPauseMs } from "./retry-pause.js";

/** The options of `withRetry`, with the budget. */
type RetrySettings = RetryOptions & HookOptions & { readonly budget: RetryBudget };

/**
 * Wraps a transport so that failed unary calls are retried where a retry can do no harm.
 *
 * - Never sent, or rejected before the server began: any RPC is retried.
 * - Possibly carried out: only RPCs with an `idempotency_level` in their proto are retried: reads, full-replace updates,
 * removals. An Add is never sent twice: see `resolveCreate`.
 * - Rejected by ZITADEL (permission, validation, not found …): not retried.
 *
 * If the response to the first attempt is lost and the retry finds the work already done (a removal that finds nothing, a legacy
 * update that is "not changed"), the call succeeds with an empty message. The response header `zitadel-idp-already-done` and the
 * hook `onResponse` report it.
 *
 * Pauses are random below an upper bound that doubles; `Retry-After` takes precedence. If a pause would outlast the deadline, the
 * call fails at once. All calls of a transport share a retry budget: 100 in a row, then one for five successes. Retries of
 * requests that the server refused to begin are free. Throws a TypeError if an option is invalid.
 *
 * @example
 * const wire = createGrpcTransport({ baseUrl, interceptors: [auth(token, { baseUrl })] });
 * const transport = withErrors(withRetry(wire, { maxAttempts: 3 }), { protocol: "grpc", baseUrl });
 */
export function withRetry(
  inner: Transport,
  options: RetryOptions & HookOptions & { budget?: RetryBudget | undefined } = {},
): Transport {
  checkRetryOptions(options);
  const transport = toCallTransport(inner);
  const settings = { ...options, budget: options.budget ?? createRetryBudget() };
  return new CallTransport(
    (call, request) => sendWithRetries(transport, call, request, settings),
    (...stream) => inner.stream(...stream),
  );
}

/**
 * Sends attempts until one succeeds, or until a failure must not be retried. A failed attempt passes these steps:
 *
 * 1. A call that has ended fails.
 * 2. `findEarlierSuccess` ends the call with success if the error shows that an earlier attempt has done the work.
 * 3. `recordFailedAttempt` records in the call if this attempt may have been carried out.
 * 4. `chooseRetryPauseMs` decides on a retry and its pause, and the budget pays for it.
 * 5. `notifyRetry` notifies the hook `onRetry`, and the next attempt begins after the pause.
 */
async function sendWithRetries<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
  settings: RetrySettings,
): Promise<UnaryResponse<I, O>> {
  const { method, input, deadline } = request;
  // A transport of the caller may make several requests within one call. Each has its own attempts.
  const earlier = call.attempts - 1;
  call.maxAttempts = earlier + (settings.maxAttempts ?? defaultMaxAttempts);
  for (;;) {
    try {
      const response = await transport.send(call, request);
      settings.budget.refill();
      return response;
    } catch (thrown) {
      if (deadline.ending !== undefined || deadline.remainingMs <= 0) {
        throw thrown;
      }
      const error = ConnectError.from(thrown);
      const response = await findEarlierSuccess(transport, call, request, error);
      if (response !== undefined) {
        return response;
      }
      const failed = recordFailedAttempt(call, request, error);
      const attempt = call.attempts - earlier;
      const pauseMs = chooseRetryPauseMs({ ...failed, attempt }, settings);
      // A retry of a request that the server refused to begin is free.
      if (pauseMs === undefined || !(failed.isRejectedUnprocessed || settings.budget.take())) {
        throw thrown;
      }
      await notifyRetry({ call, method, input, pauseMs, error }, settings);
      prepareAttempt(call);
      await pause(pauseMs, deadline.signal);
      countAttempt(call);
    }
  }
}

/** Records the failure of an attempt in its call, and returns the facts that decide on a retry. */
function recordFailedAttempt(
  call: Call,
  { method, deadline }: UnaryCallRequest<DescMessage, DescMessage>,
  error: ConnectError,
): Omit<FailedAttempt, "attempt"> {
  const { isTransient, isRejectedUnprocessed = false, ...classification } = classify(error);
  const mayBeDone = recordFailure(call, classification.mayBeDone);
  return {
    isTransient,
    isHarmless: !mayBeDone || Boolean(method.idempotency),
    isRejectedUnprocessed,
    retryAfterMs: readRetryAfterMs(error.metadata, Date.now()),
    remainingMs: deadline.remainingMs,
  };
}
