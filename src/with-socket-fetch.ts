import { createTokenFetch } from "#runtime";
import type { TokenEndpointOptions } from "./auth/endpoint-options.js";
import type { Token, TokenRequest } from "./auth/token-supplier.js";
import { hasOwnProxy } from "./transport/has-own-proxy.js";
import { defaultMaxTokenResponseBytes } from "./transport/default-max-token-response-bytes.js";
import { readInstanceHost } from "./zitadel/instance-host.js";

/** A function that fetches a token. */
type FetchToken = (request: TokenRequest) => Promise<Token>;

/**
 * Wraps the supplier of a token source, so that a source without a client sends its requests over sockets too, if the runtime has
 * sockets. The options `proxy` and `tls` of the source take precedence over the client's. Throws a TypeError that names an invalid option.
 */
export function withSocketFetch(fetchToken: FetchToken, options: TokenEndpointOptions): FetchToken {
  const { proxy, tls } = options;
  const hasOwnSockets = proxy !== undefined || tls !== undefined;
  const instanceHost =
    options.instanceHost === undefined ? undefined : readInstanceHost(options.instanceHost);
  /** The functions like `fetch`, by their limit for the length of a response. */
  const fetches = new Map<number, ReturnType<typeof createTokenFetch>>();
  const findFetch = (
    readMaxBytes = defaultMaxTokenResponseBytes,
  ): ReturnType<typeof createTokenFetch> => {
    const fetch = fetches.get(readMaxBytes) ?? createTokenFetch({ ...options, readMaxBytes });
    fetches.set(readMaxBytes, fetch);
    return fetch;
  };
  // Check the options now, not with the first request.
  findFetch();
  return (request) =>
    fetchToken({
      ...request,
      instanceHost: request.instanceHost ?? instanceHost,
      ...((hasOwnSockets || request.fetch === undefined) && {
        fetch: findFetch(request.maxResponseBytes),
        hasProxy: hasOwnProxy(options),
      }),
    });
}
