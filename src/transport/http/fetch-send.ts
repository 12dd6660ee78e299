import { abortWith } from "../../utils/abort.js";
import { createResponseTooLargeError } from "../response-limit.js";
import type { HttpSend } from "./send-request.js";
import { withoutHost } from "./without-host.js";
import { readBody } from "../../utils/read-body.js";

/** Creates a function that sends requests with `fetch`. Default: the global `fetch`, looked up for each request. */
export function createFetchSend(fetch?: typeof globalThis.fetch): HttpSend {
  return async ({ url, method, headers, body, deadline, readMaxBytes, call }) => {
    deadline.throwIfEnded();
    // A signal of its own for each request, because a fetch may leave listeners on the signal.
    const controller = new AbortController();
    const unregister = deadline.onEnd((reason) => abortWith(controller, reason));
    const { signal } = controller;
    try {
      call.sent = true;
      const response = await (fetch ?? globalThis.fetch)(url, {
        method,
        headers: withoutHost(headers),
        // Not "error", which workerd does not support.
        redirect: "manual",
        ...(body !== undefined && { body }),
        signal,
      });
      // In browsers, no response to this request is `redirected`, so the check is loaded on demand. React Native lacks the property.
      const { redirected }: Partial<Response> = response;
      if (redirected ?? true) {
        const { rejectFollowedRedirect } = await import("./followed-redirect.js");
        rejectFollowedRedirect(response, url);
      }
      return {
        status: response.status,
        headers: response.headers,
        body: await readBody(response, {
          maxBytes: readMaxBytes,
          signal,
          tooLarge: createResponseTooLargeError,
        }),
      };
    } finally {
      unregister();
    }
  };
}
