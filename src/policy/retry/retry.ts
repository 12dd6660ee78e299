import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { ConnectError, type Transport, type UnaryResponse } from "@connectrpc/connect";
import { countAttempt, prepareAttempt, recordFailure } from "../../call/attempts.js";
import type { Call } from "../../call/call.js";
import {
  CallTransport,
  toCallTransport,
  type UnaryCallRequest,
} from "../../call/call-transport.js";
import { pause } from "../../call/pause.js";
import { convertError, loadFailureCode } from "../errors/convert-error.js";
import type { HookOptions } from "../observe/hooks.js";
import { createRetryBudget, type RetryBudget } from "./budget.js";
import { classify } from "./classify.js";
import { checkRetryOptions, type RetryOptions } from "./retry-options.js";
import { retryPauseMs } from "./retry-pause.js";

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

/** Sends attempts until one succeeds, or until a failure must not be retried. */
async function sendWithRetries<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
  settings: RetrySettings,
): Promise<UnaryResponse<I, O>> {
  const { deadline } = request;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await transport.send(call, request);
      settings.budget.refill();
      return response;
    } catch (thrown) {
      if (deadline.ending !== undefined || deadline.remainingMs <= 0) {
        throw thrown;
      }
      const error = ConnectError.from(thrown);
      // True for earlier attempts only: this one is recorded below.
      const response = call.mayBeDone
        ? await findEarlierSuccess(transport, call, request, error)
        : undefined;
      if (response !== undefined) {
        return response;
      }
      const classification = classify(error);
      const mayBeDone = recordFailure(call, classification.mayBeDone);
      const failed = { attempt, error, classification, mayBeDone };
      const pauseMs = retryPauseMs(failed, request, settings);
      const isFree = classification.isRejectedUnprocessed;
      if (pauseMs === undefined || !(isFree || settings.budget.take())) {
        throw thrown;
      }
      await notifyRetry({ attempt, pauseMs, error }, call, request, settings);
      prepareAttempt(call);
      await pause(pauseMs, deadline.signal);
      countAttempt(call);
    }
  }
}

/**
 * Returns an empty response if the error of a retry shows that an earlier attempt has done the work. If the code for that cannot be
 * loaded, the outcome remains unknown.
 */
async function findEarlierSuccess<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
  error: ConnectError,
): Promise<UnaryResponse<I, O> | undefined> {
  const code = await loadFailureCode().catch(() => undefined);
  return await code?.findAlreadyDone(transport, call, request, error);
}

/** Notifies the hook `onRetry`. A failed import of the code for hooks must not make the call fail. */
async function notifyRetry(
  failed: { readonly attempt: number; readonly pauseMs: number; readonly error: ConnectError },
  call: Call,
  { method, input }: { readonly method: DescMethod; readonly input: unknown },
  options: HookOptions,
): Promise<void> {
  if (options.hooks?.onRetry === undefined) {
    return;
  }
  const { protocol, baseUrl } = options;
  try {
    const { notifyRetryHook } = await import("../observe/observe.js");
    const error = await convertError(failed.error, { method, input, call, protocol, baseUrl });
    notifyRetryHook(options, method, call, failed, error);
  } catch {
    // Ignored, as the comment above explains.
  }
}
