import type { HttpFault, Moment } from "./fault.js";

/**
 * Creates an HTTP 429 response with `Retry-After`, as a rate limit in front of the server returns. The call is not carried out.
 * Default: 1 second.
 *
 * @example
 * ```ts
 * createEmulator().inject({ times: 2, fault: tooManyRequests({ retryAfterSeconds: 5 }) });
 * ```
 */
export function tooManyRequests(
  options: { retryAfterSeconds?: number | undefined } = {},
): HttpFault {
  const { retryAfterSeconds = 1 } = options;
  return {
    type: "http",
    status: 429,
    headers: { "retry-after": String(retryAfterSeconds), "content-type": "text/plain" },
    body: "Too Many Requests\n",
  };
}

/**
 * Creates an HTTP 502 response with an HTML page, as a proxy returns that cannot reach the server.
 *
 * @example
 * ```ts
 * createEmulator().inject({ times: 1, fault: badGateway({ when: "after" }) });
 * ```
 */
export function badGateway(options: { when?: Moment | undefined } = {}): HttpFault {
  return {
    type: "http",
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    ...options,
  };
}
