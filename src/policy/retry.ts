import type { Transport } from "@connectrpc/connect";
import { attempt } from "../transport/attempt.js";
import { createRetryBudget, type RetryBudget } from "./budget.js";
import { recordCall } from "../call/call-record.js";
import type { HookOptions } from "./hooks.js";
import { loadFailures } from "./load-failures.js";
import { checkRetryOptions } from "./check-retry-options.js";

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
