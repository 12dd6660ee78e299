import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";

/**
 * Waits for `ms` milliseconds, or rejects as soon as `signal` aborts: at once if it has aborted before. Leaves no timer and no listener
 * behind.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stopListening?.();
      resolve();
    }, ms);
    const stopListening =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(ConnectError.from(signal.reason, Code.Canceled));
      });
  });
}
