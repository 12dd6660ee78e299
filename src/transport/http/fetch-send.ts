import { Code } from "@connectrpc/connect";
import { abortWith } from "../../call/abort.js";
import { AttemptError } from "../../call/attempt-error.js";
import { hasFollowedRedirect } from "./followed-redirect.js";
import type { HttpSend } from "./http.js";
import { readBody } from "./read-body.js";

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
        headers,
        // Not "error", which workerd does not support.
        redirect: "manual",
        ...(body !== undefined && { body }),
        signal,
      });
      if (hasFollowedRedirect(response, url)) {
        throw followedRedirect();
      }
      return {
        status: response.status,
        headers: response.headers,
        body: await readBody(response, { maxBytes: readMaxBytes, signal }),
      };
    } finally {
      unregister();
    }
  };
}

/** Creates the error of a redirect that was followed. The first server may have carried out the request, and so may the second. */
function followedRedirect(): AttemptError {
  const text = "the server answered with a redirect, which the fetch of this runtime has followed";
  return new AttemptError(text, Code.Unknown, { isUnusable: true });
}
