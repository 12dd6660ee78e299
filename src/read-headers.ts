/** Headers by which a connection is run. HTTP/2 and undici refuse a request that has them. */
const ofConnections =
  /^(?:connection|content-length|expect|http2-settings|keep-alive|proxy-connection|transfer-encoding|upgrade)$/;

/**
 * Returns the headers of a call or a client. Throws a TypeError that names the header but never repeats a value, which may
 * be secret: for what HTTP does not allow, for values that are missing, and for headers by which a connection is run.
 */
export function readHeaders(init: HeadersInit | undefined): Headers {
  const pairs: unknown[] = Array.isArray(init) ? init : Object.entries(init ?? {});
  for (const pair of pairs) {
    // A variable without a value would travel as the text "undefined".
    if (Array.isArray(pair) && (pair[1] === undefined || typeof pair[1] === "object")) {
      wrong(pair[0], "must be text");
    }
  }
  let headers: Headers;
  try {
    headers = new Headers(init);
  } catch {
    // The reason that `Headers` gives repeats the value.
    return wrong("hold", "a name or a value that HTTP does not allow");
  }
  for (const name of headers.keys()) {
    if (ofConnections.test(name)) {
      wrong(name, "is the transport's own");
    }
  }
  return headers;
}

/** What does not look like a name may be the value. */
function wrong(name: unknown, reason: string): never {
  throw new TypeError(
    `option headers: ${/^[\w-]{1,64}$/.exec(String(name))?.[0] ?? "a value"} ${reason}`,
  );
}
