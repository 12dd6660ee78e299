import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";
import type { Deadline } from "./deadline.js";

/** Waits for `ms` milliseconds. Rejects at once when `end` comes. Always removes its timer and its listener. */
export async function pause(ms: number, end?: AbortSignal | Deadline): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      unlisten?.();
      resolve();
    }, ms);
    const stop = (reason: unknown): void => {
      clearTimeout(timer);
      reject(ConnectError.from(reason, Code.Canceled));
    };
    const unlisten =
      end && ("onEnd" in end ? end.onEnd(stop) : onAbort(end, () => stop(end.reason)));
  });
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
