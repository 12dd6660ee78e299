import { onAbort, throwIfAborted } from "../abort.js";
import type { HttpSend } from "./http.js";

/** Returns a function that sends by `fetch`: the global one, or one that was given. */
export function sendBy(fetch: typeof globalThis.fetch): HttpSend {
  return async (url, { method, headers, body, signal, record }) => {
    throwIfAborted(signal);
    // Of its own: a fetch may leave listeners on the signal, which may be shared by all calls of a client.
    const controller = new AbortController();
    const unlisten = signal && onAbort(signal, () => controller.abort(signal.reason));
    try {
      record.sent = true;
      const response = await fetch(url, {
        method,
        headers,
        // Not "error", which workerd does not know.
        redirect: "manual",
        ...(body !== undefined && { body }),
        ...(signal !== undefined && { signal: controller.signal }),
      });
      return {
        status: response.status,
        headers: response.headers,
        body: new Uint8Array(await response.arrayBuffer()),
      };
    } finally {
      unlisten?.();
    }
  };
}

/** How requests are sent where there is nothing faster than `fetch`. */
export const send: HttpSend = async (url, request) => await sendBy(globalThis.fetch)(url, request);
