import { Code, ConnectError } from "@connectrpc/connect";
import { fraction } from "../utils/fraction.js";
import type { SendState } from "./call-record.js";
import { onAbort } from "./abort.js";

/**
 * Waits for `ms` milliseconds. Rejects at once when `signal` aborts or the client is closed with `force`. Always removes its
 * timer and its listener.
 */
export async function pause(
  ms: number,
  signal: AbortSignal | undefined,
  call?: SendState,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      unlisten?.();
      resolve();
    }, ms);
    const abort = (reason: unknown): void => {
      clearTimeout(timer);
      unlisten?.();
      reject(ConnectError.from(reason, Code.Canceled));
    };
    if (call !== undefined) {
      call.waiter = { abort };
    }
    const unlisten = signal && onAbort(signal, () => abort(signal.reason));
  });
}

/**
 * Returns the pause before attempt `attempt + 1`: a random time between 0 and an upper bound that doubles each time (full
 * jitter).
 */
export function backoffMs(
  attempt: number,
  { initialMs, maxMs }: { initialMs: number; maxMs: number },
  random: () => number,
): number {
  return fraction(random) * Math.min(maxMs, initialMs * 2 ** (attempt - 1));
}

/** Returns the pause that a `Retry-After` header asks for, in milliseconds. The header holds seconds or an HTTP date. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) {
    return undefined;
  }
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
