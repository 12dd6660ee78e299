/** What a token is asked for. */
export interface TokenRequest {
  /** The address of the API that the token is for. */
  readonly baseUrl: string;
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The longest answer on the way to a token, in bytes. Default: 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Ends the wait. To a token source it is the signal of the one call that asks; to a supplier, the time limit of the
   * request that all waiting calls share.
   */
  readonly signal: AbortSignal;
  /** Whether the network between here and the API counts as safe without TLS; then so it does for its own issuer. */
  readonly allowInsecureAuth?: boolean | undefined;
  /** The token that the server has just refused, if this is about another one. */
  readonly refused?: string | undefined;
}

/** Gives each call its token. `createTokenSource`, `serviceAccount` and `clientCredentials` make such. */
export interface TokenSource {
  /** A token that is good now. Calls in parallel share one request for it. */
  token(request: TokenRequest): Promise<string>;
}

/** A token whose end may be known. */
export interface Token {
  /** The token alone, without the word `Bearer`. */
  readonly accessToken: string;
  /** When it ends, in milliseconds since 1970 by the clock of this machine. Left out, it is used for one request. */
  readonly expiresAtMs?: number | undefined;
}

/**
 * Gets a token from wherever it is. A token without a known end, such as a bare string, is asked for again by the next
 * call; calls in parallel share what is under way.
 */
export type TokenSupplier = (request: TokenRequest) => string | Token | Promise<string | Token>;
