import { throwInvalidOption } from "../utils/option-error.js";
import { checkNumber } from "../utils/check-number.js";
import { toInstanceKey } from "./instance-key.js";
import { TokenRefresher } from "./token-refresher.js";
import type { TokenRequest, TokenSupplier } from "./token-supplier.js";

/**
 * A source of tokens for calls. `createTokenSource`, `serviceAccount` and `clientCredentials` create token sources.
 *
 * @example
 * const auth: TokenSource = { token: async ({ refused }) => (await loadToken({ renew: refused !== undefined })) };
 */
export interface TokenSource {
  /** Returns a token that is valid now. */
  token(request: TokenRequest): Promise<string>;
}

/** Options of `createTokenSource` besides the supplier. */
export interface TokenSourceOptions {
  /**
   * The time before its expiry at which a token is replaced, in milliseconds; at most a fifth of its lifetime. Calls use the old
   * token until the new one has arrived. Default: 300000, five minutes.
   */
  leewayMs?: number | undefined;
  /** The timeout of a request for a token, in milliseconds. Default: 30000. */
  timeoutMs?: number | undefined;
  /** A function that returns numbers from 0 to 1, which spread replacements over the leeway. Default: `Math.random`. */
  random?: (() => number) | undefined;
}

/**
 * Creates a token source from a function that fetches a token.
 *
 * - Parallel calls share one request. If the request fails, all calls that wait for it fail, and the next call starts a new one.
 * - A token with a known expiry is cached and replaced ahead of its expiry. A token that the server rejected is replaced at once.
 * - A request is aborted through its signal soon after the last call has stopped waiting for it.
 * - Each instance (the origin of the base URL, and `instanceHost`) has a token of its own.
 *
 * Calls fail with the supplier's own error if that is a ConnectError, with `unavailable` if the supplier throws another error or
 * times out, and with `failed_precondition` if the supplier returns something other than a token. Throws a TypeError if an option
 * is invalid.
 *
 * @example
 * const auth = createTokenSource(async ({ signal }) => {
 *   const { token, ttlSeconds } = await vault.read("zitadel", { signal });
 *   return { accessToken: token, expiresAtMs: Date.now() + ttlSeconds * 1000 };
 * });
 */
export function createTokenSource(
  supplier: TokenSupplier,
  options: TokenSourceOptions = {},
): TokenSource {
  const { leewayMs = 300_000, timeoutMs = 30_000, random = Math.random } = options;
  if (typeof supplier !== "function") {
    throw new TypeError("a token supplier must be a function that returns a token");
  }
  checkNumber("leewayMs", leewayMs, { least: 0, most: Number.POSITIVE_INFINITY });
  checkNumber("timeoutMs", timeoutMs, {});
  if (typeof random !== "function") {
    throwInvalidOption("random", "must be a function");
  }
  const refreshers = new Map<string, TokenRefresher>();
  return {
    async token(request) {
      const key = toInstanceKey(request);
      const refresher =
        refreshers.get(key) ?? new TokenRefresher({ supplier, leewayMs, timeoutMs, random });
      refreshers.set(key, refresher);
      return refresher.readUsableToken(request) ?? (await refresher.requestToken(request));
    },
  };
}
