import type { Interceptor } from "@connectrpc/connect";

/**
 * Sends `token` as the bearer token of every call, in place of an `authorization` header that the call already has.
 *
 * The token is not checked here: an unknown or expired one comes back as `unauthenticated`.
 */
export function auth(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}
