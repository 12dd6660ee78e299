import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "../utils/abort.js";

/** Waits for `ms` milliseconds. Rejects as soon as `signal` aborts, or at once if it has aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(finish, ms);
    const stopListening = signal && onAbort(signal, cancel);

    function finish(): void {
      stopListening?.();
      resolve();
    }

    function cancel(): void {
      clearTimeout(timer);
      reject(ConnectError.from(signal?.reason, Code.Canceled));
    }
  });
}
