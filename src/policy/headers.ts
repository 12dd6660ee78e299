import type { Interceptor } from "@connectrpc/connect";
import { setHeaders } from "./set-headers.js";
import { setMissingFields } from "./set-missing-fields.js";

/**
 * Creates an interceptor that adds `defaults` to every call. A header that the call sets itself takes precedence.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl, interceptors: [headers({ "x-request-source": "ci" })] });
 */
export function headers(defaults: HeadersInit): Interceptor {
  const defaultFields = Object.fromEntries(new Headers(defaults));
  return (next) => (request) => {
    const fields = Object.fromEntries(request.header);
    setMissingFields(fields, defaultFields);
    setHeaders(request.header, fields);
    return next(request);
  };
}
