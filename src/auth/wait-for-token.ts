import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "../utils/abort.js";
import { createCausedTokenError } from "./caused-token-error.js";

/**
 * Waits for `promise` until `signal` aborts or `timeoutMs` have passed. The promise continues for other callers. Removes the listener
 * and the timer at the end, because many calls may share the signal.
 */
export function waitForToken<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  timeoutMs: number,
  createTimeoutError: () => ConnectError,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      removeListener();
      reject(createTimeoutError());
    }, timeoutMs);
    const removeListener = onAbort(signal, () => {
      clearTimeout(timer);
      reject(abortError(signal));
    });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      removeListener();
    });
  });
}

function abortError({ reason }: AbortSignal): ConnectError {
  const code = reason instanceof ConnectError ? reason.code : Code.Canceled;
  return createCausedTokenError("the call ended while it waited for its token", code, reason);
}
