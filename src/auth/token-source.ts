/** What a token is asked for. */
export interface TokenRequest {
  /** The address of the API that the token is for. */
  readonly baseUrl: string;
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Ends the wait of the one call that asks. */
  readonly signal: AbortSignal;
  /** The token that the server has just refused, if this is about another one. */
  readonly refused?: string | undefined;
}

/** Gives each call its token. */
export interface TokenSource {
  /** A token that is good now. Calls in parallel share one request for it. */
  token(request: TokenRequest): Promise<string>;
}
