import { throwInvalidOption } from "./option-error.js";

/** Headers that control a connection. HTTP/2 rejects requests that have them. */
const connectionHeader =
  /^(?:connection|content-length|expect|http2-settings|keep-alive|proxy-connection|transfer-encoding|upgrade)$/;

/**
 * Returns the headers of a call or a client. Throws a TypeError for names and values that HTTP does not allow, for missing
 * values, and for headers that control a connection. The error names the header but never repeats a value, which may be secret.
 */
export function readHeaders(init: HeadersInit | undefined): Headers {
  const pairs: unknown[] = Array.isArray(init) ? init : Object.entries(init ?? {});
  for (const pair of pairs) {
    // `Headers` would convert a missing value to the text "undefined".
    if (Array.isArray(pair) && (pair[1] === undefined || typeof pair[1] === "object")) {
      throwInvalidHeader(pair[0], "must be text");
    }
  }
  let headers: Headers;
  try {
    headers = new Headers(init);
  } catch {
    // The error of `Headers` repeats the value.
    throwInvalidOption("headers", "a name or a value is not allowed in HTTP");
  }
  for (const name of headers.keys()) {
    if (connectionHeader.test(name)) {
      throwInvalidHeader(name, "is set by the transport: leave it out");
    }
  }
  return headers;
}

/** Throws the error for a header. A text that does not look like a name may be the value, so it is not shown. */
function throwInvalidHeader(name: unknown, problem: string): never {
  const shownName = /^[\w-]{1,64}$/.exec(String(name))?.[0] ?? "a value";
  throwInvalidOption("headers", `${shownName} ${problem}`);
}
