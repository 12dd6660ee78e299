import type { Interceptor } from "@connectrpc/connect";
import { ownInterceptor } from "../transport/unary.js";

/** Sends `defaults` with every call that does not set the same header itself. */
export function headers(defaults: HeadersInit): Interceptor {
  const entries = [...new Headers(defaults)];
  return ownInterceptor((next) => (request) => {
    for (const [name, value] of entries) {
      if (!request.header.has(name)) {
        request.header.set(name, value);
      }
    }
    return next(request);
  });
}
