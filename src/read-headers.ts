/** Headers by which a connection is run. They are the transport's own: HTTP/2 and undici refuse a request that has them. */
const ofConnections =
  /^(?:connection|content-length|expect|http2-settings|keep-alive|proxy-connection|transfer-encoding|upgrade)$/;

/**
 * Returns the headers of a call or a client. Throws a TypeError that names the header but never repeats a value, which may
 * be secret: for what HTTP does not allow, for values that are missing, and for headers by which a connection is run.
 */
export function readHeaders(init: HeadersInit | undefined): Headers {
  if (init === undefined) {
    return new Headers();
  }
  for (const [name, value] of entriesOf(init)) {
    // A variable without a value would travel as the text "undefined".
    if (value === undefined || value === null || typeof value === "object") {
      throw new TypeError(`option headers: ${shown(name)} must be text`);
    }
  }
  let headers: Headers;
  try {
    headers = new Headers(init);
  } catch {
    // The reason that `Headers` gives repeats the value.
    throw new TypeError("option headers: hold a name or a value that HTTP does not allow");
  }
  for (const name of headers.keys()) {
    if (ofConnections.test(name)) {
      throw new TypeError(`option headers: must not hold ${name}, which the transport sets`);
    }
  }
  return headers;
}

/** Returns names and values as they were given. `Headers` has checked its own. */
function entriesOf(init: unknown): (readonly unknown[])[] {
  if (Array.isArray(init)) {
    return init.filter(Array.isArray);
  }
  return typeof init === "object" && init !== null && !(Symbol.iterator in init)
    ? Object.entries(init)
    : [];
}

/** Returns a name for an error text. What does not look like a name may be the value. */
function shown(name: unknown): string {
  return typeof name === "string" && /^[\w-]{1,64}$/.test(name) ? name : "a value";
}
