import type { Transport } from "@connectrpc/connect";
import { attempt } from "../../call/attempt.js";
import { createRetryBudget, type RetryBudget } from "./budget.js";
import { recordCall } from "../../call/call-record.js";
import type { HookOptions } from "../observe/hooks.js";
import { loadFailures } from "../errors/load-failures.js";
import { checkRetryOptions } from "./check-retry-options.js";

/**
 * Options for retrying failed calls.
 *
 * @example
 * const retry: RetryOptions = { maxAttempts: 3, maxPauseMs: 2000 };
 */
export interface RetryOptions {
  /** The maximum number of attempts of one call, including the first. Default: 5. */
  maxAttempts?: number | undefined;
  /** The upper bound of the first pause, in milliseconds. It doubles with each attempt. Default: 200. */
  initialPauseMs?: number | undefined;
  /** The upper bound of all pauses, in milliseconds. Default: 5000. */
  maxPauseMs?: number | undefined;
  /** The longest `Retry-After` to wait for, in milliseconds. A call that gets a longer one fails. Default: 30,000. */
  maxRetryAfterMs?: number | undefined;
  /** A replacement for `Math.random`, from which the pauses are drawn. */
  random?: (() => number) | undefined;
}

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
  options: RetryOptions & HookOptions & { budget?: RetryBudget } = {},
): Transport {
  checkRetryOptions(options);
  const { budget = createRetryBudget() } = options;
  return {
    unary(method, signal, timeoutMs, header, input, contextValues) {
      const [record, values] = recordCall(contextValues);
      const limited = timeoutMs !== undefined && timeoutMs > 0;
      const end = limited ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
      record.sent = true;
      const first = attempt(() => inner.unary(method, signal, timeoutMs, header, input, values));
      return first.then(
        (response) => {
          budget.refill();
          return response;
        },
        async (thrown) => {
          const { repeat } = await loadFailures(thrown, method, record);
          const call = { method, signal, timeoutMs, header, input, values, record, end };
          return await repeat(inner, call, thrown, { ...options, budget });
        },
      );
    },
    stream: (...call) => inner.stream(...call),
  };
}
