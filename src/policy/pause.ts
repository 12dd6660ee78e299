import { Code, ConnectError } from "@connectrpc/connect";
import { fraction } from "../fraction.js";
import { onAbort } from "../transport/abort.js";

/** Waits for so many milliseconds. Rejects at once when `signal` aborts; leaves neither timer nor listener behind. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      unlisten?.();
      resolve();
    }, ms);
    const unlisten =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(ConnectError.from(signal.reason, Code.Canceled));
      });
  });
}

/** The pause before try `attempt + 1`: somewhere between none and an upper end that doubles each time (full jitter). */
export function backoffMs(
  attempt: number,
  { initialMs, maxMs }: { initialMs: number; maxMs: number },
  random: () => number,
): number {
  return fraction(random) * Math.min(maxMs, initialMs * 2 ** (attempt - 1));
}

/** What a `Retry-After` header asks for, in milliseconds: it has seconds or an HTTP date. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) {
    return undefined;
  }
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
