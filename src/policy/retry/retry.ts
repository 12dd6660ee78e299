import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { ConnectError, type Transport, type UnaryResponse } from "@connectrpc/connect";
import type { Call } from "../../call/call.js";
import {
  CallTransport,
  toCallTransport,
  type UnaryCallRequest,
} from "../../call/call-transport.js";
import { mayAttemptBeDone } from "../../call/outcome.js";
import { pause } from "../../call/pause.js";
import { retryAfterMs } from "../../call/retry-after.js";
import { fraction } from "../../utils/fraction.js";
import { convertError, loadFailureCode } from "../errors/convert-error.js";
import type { HookOptions } from "../observe/hooks.js";
import { backoffMs } from "./backoff.js";
import { createRetryBudget, type RetryBudget } from "./budget.js";
import type { Classification } from "./classification.js";
import { classify } from "./classify.js";
import { checkRetryOptions, type RetryOptions } from "./retry-options.js";

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
  const { budget } = settings;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await transport.send(call, request);
      budget.refill();
      return response;
    } catch (thrown) {
      if (request.deadline.ending !== undefined || request.deadline.remainingMs <= 0) {
        throw thrown;
      }
      const error = ConnectError.from(thrown);
      const classification = classify(error);
      if (call.mayBeDone) {
        // If the code cannot be loaded, the outcome remains unknown.
        const code = await loadFailureCode().catch(() => undefined);
        const response = await code?.findAlreadyDone(transport, call, request, error);
        if (response !== undefined) {
          return response;
        }
      }
      call.mayBeDone ||= mayAttemptBeDone(call, classification.mayBeDone);
      const pauseMs = nextPauseMs(request, call, attempt, classification, error, settings);
      if (pauseMs === undefined || !(classification.isRejectedUnprocessed || budget.take())) {
        throw thrown;
      }
      await notifyRetry(settings, request, call, { attempt, pauseMs, error });
      call.sent = false;
      await pause(pauseMs, request.deadline.signal);
      call.attempts++;
    }
  }
}

/** Returns the pause before the next attempt in milliseconds, or undefined if there must not be one. */
function nextPauseMs(
  { method, deadline }: UnaryCallRequest<DescMessage, DescMessage>,
  call: Call,
  attempt: number,
  { isTransient, isRejectedUnprocessed, mayBeDone }: Classification,
  error: ConnectError,
  options: RetryOptions,
): number | undefined {
  const { maxAttempts = 5, maxRetryAfterMs = 30_000, random = Math.random } = options;
  const bounds = { initialMs: options.initialPauseMs ?? 200, maxMs: options.maxPauseMs ?? 5000 };
  if (!isTransient || attempt >= maxAttempts) {
    return undefined;
  }
  if (mayAttemptBeDone(call, mayBeDone) && !method.idempotency) {
    return undefined;
  }
  const askedMs = retryAfterMs(error.metadata, Date.now());
  if (askedMs !== undefined && askedMs > maxRetryAfterMs) {
    return undefined;
  }
  const pauseMs =
    askedMs !== undefined
      ? // Waits a little longer than asked, so that clients do not all return at once.
        askedMs + fraction(random) * bounds.initialMs
      : isRejectedUnprocessed && attempt === 1
        ? 0
        : backoffMs(attempt, bounds, random);
  return pauseMs < deadline.remainingMs ? pauseMs : undefined;
}

/** Notifies the hook `onRetry`. A failed import of the code for hooks must not make the call fail. */
async function notifyRetry(
  options: HookOptions,
  { method, input }: { readonly method: DescMethod; readonly input: unknown },
  call: Call,
  failed: { readonly attempt: number; readonly pauseMs: number; readonly error: ConnectError },
): Promise<void> {
  if (options.hooks?.onRetry !== undefined) {
    const { protocol, baseUrl } = options;
    try {
      const { notifyRetryHook } = await import("../observe/observe.js");
      const error = await convertError(failed.error, { method, input, call, protocol, baseUrl });
      notifyRetryHook(options, method, call, failed, error);
    } catch {
      // Ignored, as the comment above explains.
    }
  }
}
