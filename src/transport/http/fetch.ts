import { throwIfEnded } from "../../call/call-record.js";
import { onAbort } from "../../call/abort.js";
import type { HttpSend } from "./http.js";
import { readBody } from "./read-body.js";

/** Creates a function that sends requests with the given `fetch`. */
export function sendBy(fetch: typeof globalThis.fetch): HttpSend {
  return async (url, { method, headers, body, signal, readMaxBytes, record }) => {
    throwIfEnded(record, signal);
    // A signal of its own for each request, because a fetch may leave listeners on the signal, which all calls of a client may
    // share.
    const controller = new AbortController();
    const unlisten = signal && onAbort(signal, () => controller.abort(signal.reason));
    try {
      record.waiter = controller;
      record.sent = true;
      const response = await fetch(url, {
        method,
        headers,
        // Not "error", which workerd does not support.
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

/**
 * Creates a function that sends requests with the global `fetch`, looked up for each request. Runtimes without a faster sender
 * use it.
 */
export function createSend(): HttpSend {
  return async (url, request) => await sendBy(globalThis.fetch)(url, request);
}
