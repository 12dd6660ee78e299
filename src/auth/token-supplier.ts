/** A request to a token source or to a token supplier. */
export interface TokenRequest {
  /** The base URL of the API that will receive the token. */
  readonly baseUrl: string;
  /**
   * The host name of the instance, with its port if it has one. Set only if it differs from the host of `baseUrl`. The issuer must have
   * this host name; requests for tokens go to the origin of `baseUrl`, with the header `x-zitadel-instance-host`. Default: the host of
   * `baseUrl`.
   */
  readonly instanceHost?: string | undefined;
  /**
   * The `fetch` function for requests for tokens. Default: the global `fetch`; `serviceAccount` and `clientCredentials` use sockets
   * instead in Node.js, Bun and Deno.
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * True if `fetch` sends all requests through a forward proxy. Even requests to this machine then leave the machine, so credentials
   * need TLS or `allowInsecureAuth`. Default: false.
   */
  readonly hasProxy?: boolean | undefined;
  /** The maximum length of a response from the issuer, in bytes. Default: 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /**
   * The signal that ends the request. A token source receives the signal of the call that needs the token. A supplier serves all
   * waiting calls with one request: its signal aborts at the timeout, or half a second after the last call has stopped waiting.
   */
  readonly signal: AbortSignal;
  /** True if credentials may be sent without TLS to the API, and to an issuer with the same origin. Default: false. */
  readonly allowInsecureAuth?: boolean | undefined;
  /** The token that the server has just rejected, if this request is for a replacement. */
  readonly refused?: string | undefined;
}

/** A token, with its expiry if that is known. */
export interface Token {
  /** The token alone, without the word `Bearer`. */
  readonly accessToken: string;
  /** The expiry of the token, in milliseconds since 1970 by the local clock. A token without an expiry is not cached. */
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
