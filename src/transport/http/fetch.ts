import type { HttpSend } from "./http.js";

/** Sends by a `fetch`: the global one, or one that was given. */
export function sendBy(fetch: typeof globalThis.fetch): HttpSend {
  return async (url, { method, headers, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers,
      // Not "error", which workerd does not know.
      redirect: "manual",
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: new Uint8Array(await response.arrayBuffer()),
    };
  };
}

/** How requests are sent where there is nothing faster than `fetch`. */
export const send: HttpSend = async (url, request) => await sendBy(globalThis.fetch)(url, request);
