import { throwIfEnded } from "../../call/call-record.js";
import { onAbort } from "../abort.js";
import type { HttpSend } from "./http.js";
import { readBody } from "./read-body.js";

/** Returns a function that sends by `fetch`: the global one, or one that was given. */
export function sendBy(fetch: typeof globalThis.fetch): HttpSend {
  return async (url, { method, headers, body, signal, readMaxBytes, record }) => {
    throwIfEnded(record, signal);
    // Of its own: a fetch may leave listeners on the signal, which may be shared by all calls of a client.
    const controller = new AbortController();
    const unlisten = signal && onAbort(signal, () => controller.abort(signal.reason));
    try {
      record.waiter = controller;
      record.sent = true;
      const response = await fetch(url, {
        method,
        headers,
        // Not "error", which workerd does not know.
        redirect: "manual",
        ...(body !== undefined && { body }),
        signal: controller.signal,
      });
      return {
        status: response.status,
        headers: response.headers,
        body: await readBody(response, { maxBytes: readMaxBytes, signal: controller.signal }),
      };
    } finally {
      unlisten?.();
    }
  };
}

/** Returns the way to send requests where there is nothing faster than `fetch`: by the global one of the moment. */
export function createSend(): HttpSend {
  return async (url, request) => await sendBy(globalThis.fetch)(url, request);
}
