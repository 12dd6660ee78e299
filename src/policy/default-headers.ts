import type { Interceptor } from "@connectrpc/connect";

/**
 * Creates an interceptor that adds `defaults` to every call. A header that the call sets itself takes precedence.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl, interceptors: [headers({ "x-request-source": "ci" })] });
 */
export function headers(defaults: HeadersInit): Interceptor {
  const entries = [...new Headers(defaults)];
  return (next) => (request) => {
    for (const [name, value] of entries) {
      if (!request.header.has(name)) {
        request.header.set(name, value);
      }
    }
    return next(request);
  };
}
