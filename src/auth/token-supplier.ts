/** A request to a token source or to a token supplier. */
export interface TokenRequest {
  /** The base URL of the API that the token is for. */
  readonly baseUrl: string;
  /**
   * The host name of the instance, with its port if it has one, if `baseUrl` has another host. The issuer must then have this name.
   * Requests to it go to the origin of `baseUrl`, with the header `x-zitadel-instance-host`. Default: the host of `baseUrl`.
   */
  readonly instanceHost?: string | undefined;
  /** A replacement for the global `fetch`, and for the sockets of `serviceAccount` and `clientCredentials`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * True if `fetch` sends all requests through a forward proxy. Even requests to this machine then leave the machine, so credentials
   * need TLS or `allowInsecureAuth`. Default: false.
   */
  readonly hasProxy?: boolean | undefined;
  /** The maximum length of a response from the issuer, in bytes. Default: 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /**
   * The signal that ends the wait. A token source receives the signal of the call that asks. A supplier receives a signal for the
   * request that all waiting calls share: it aborts at the timeout, and soon after the last call has stopped waiting.
   */
  readonly signal: AbortSignal;
  /** True if the network to the API counts as safe without TLS. The same then holds for the issuer on the API's own origin. */
  readonly allowInsecureAuth?: boolean | undefined;
  /** The token that the server has just rejected, if this request is for a replacement. */
  readonly refused?: string | undefined;
}

/** A token, with its expiry if that is known. */
export interface Token {
  /** The token alone, without the word `Bearer`. */
  readonly accessToken: string;
  /** The expiry of the token, in milliseconds since 1970 by the local clock. A token without one is used for one request only. */
  readonly expiresAtMs?: number | undefined;
}

/**
 * A function that fetches a token from anywhere.
 *
 * A token without a known expiry, such as a bare string, is not cached: the next call runs the function again. Parallel calls
 * share a request that is in progress.
 *
 * @example
 * const supplier: TokenSupplier = async ({ signal }) => await (await fetch("/token", { signal })).text();
 */
export type TokenSupplier = (request: TokenRequest) => string | Token | Promise<string | Token>;
