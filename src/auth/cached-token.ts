import type { Token } from "./token-supplier.js";

/** A cached token with a known expiry. */
export interface CachedToken {
  readonly accessToken: string;
  /** The time after which calls no longer use the token. */
  readonly usableUntilMs: number;
  /** The time at which the next token is requested. */
  readonly replaceAtMs: number;
  /** The pause after a failed request for the next token, in milliseconds. */
  readonly retryPauseMs: number;
}

/**
 * Computes the times of a token. Returns undefined for a token without a known expiry, which is not cached. `chance`, a number
 * from 0 to 1, spreads the replacements.
 */
export function createCachedToken(
  { accessToken, expiresAtMs }: Token,
  leewayMs: number,
  chance: number,
): CachedToken | undefined {
  if (expiresAtMs === undefined) {
    return undefined;
  }
  const windowMs = Math.min(leewayMs, Math.max(0, expiresAtMs - Date.now()) / 5);
  return {
    accessToken,
    // A random time in the first half of the window, so that processes that started together do not all ask at once.
    replaceAtMs: expiresAtMs - windowMs * (1 - chance / 2),
    // A token must still be valid when it arrives at the server.
    usableUntilMs: expiresAtMs - windowMs / 10,
    retryPauseMs: windowMs / 10,
  };
}

/** Returns the token with a later time of replacement, after a request for the next token has failed. */
export function postponeReplacement(token: CachedToken): CachedToken {
  return { ...token, replaceAtMs: Date.now() + token.retryPauseMs };
}
