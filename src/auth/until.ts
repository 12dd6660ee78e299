import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "../policy/abort.js";
import { tokenError } from "./token-error.js";

/**
 * Waits for `promise` until `signal` ends the wait. The promise goes on for others, and the signal, which may be shared by
 * many calls, keeps no listener.
 */
export function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const unlisten = onAbort(signal, () => reject(abortError(signal)));
    promise.then(resolve, reject).finally(unlisten);
  });
}

function abortError({ reason }: AbortSignal): ConnectError {
  const code = reason instanceof ConnectError ? reason.code : Code.Canceled;
  return tokenError("the call ended while it waited for its token", code, { cause: reason });
}
