import { drawFraction } from "../utils/fraction.js";
import { type CachedToken, createCachedToken, postponeReplacement } from "./cached-token.js";
import { PendingTokenRequest } from "./pending-token-request.js";
import { requireToken } from "./require-token.js";
import type { Token, TokenRequest, TokenSupplier } from "./token-supplier.js";

/** The checked options of a token source. */
interface RefreshOptions {
  readonly supplier: TokenSupplier;
  readonly leewayMs: number;
  readonly timeoutMs: number;
  readonly random: () => number;
}

/** The cached token for one instance and the request for the next one. Neither is ever used for another instance. */
export class TokenRefresher {
  #options: RefreshOptions;
  #cached: CachedToken | undefined;
  #pending: PendingTokenRequest | undefined;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  /**
   * Returns the cached token, or undefined if the call has to wait for a new one. Requests the next token if the time has come,
   * without waiting for it.
   */
  readUsableToken(request: TokenRequest): string | undefined {
    this.#dropToken(request.refused);
    const cached = this.#cached;
    if (cached === undefined || Date.now() >= cached.usableUntilMs) {
      return undefined;
    }
    if (Date.now() >= cached.replaceAtMs && this.#findPendingRequest() === undefined) {
      this.#startRequest(request, { isAheadOfExpiry: true });
    }
    return cached.accessToken;
  }

  /** Waits for the request that is in progress, or for a new one. */
  async requestToken(request: TokenRequest): Promise<string> {
    const { signal, refused } = request;
    const pending = this.#findPendingRequest() ?? this.#startRequest(request);
    const token = await pending.wait(signal);
    if (token !== refused || pending.rejectedToken === refused) {
      return token;
    }
    // The pending request began before the rejection was known, and returned the rejected token again.
    this.#dropToken(refused);
    const current = this.#findPendingRequest();
    const next = current?.rejectedToken === refused ? current : undefined;
    return await (next ?? this.#startRequest(request)).wait(signal);
  }

  /**
   * Returns the request that is in progress. In an edge runtime, a request whose first call has ended never settles, and its timer
   * never fires. A request therefore counts only until its timeout, and each waiting call has a timer of its own.
   */
  #findPendingRequest(): PendingTokenRequest | undefined {
    const pending = this.#pending;
    return pending && Date.now() - pending.startedMs < this.#options.timeoutMs
      ? pending
      : undefined;
  }

  /** Starts a request. A request ahead of the expiry continues without a waiting call, because the old token is still valid. */
  #startRequest(
    request: TokenRequest,
    { isAheadOfExpiry = false }: { isAheadOfExpiry?: boolean } = {},
  ): PendingTokenRequest {
    const { supplier, timeoutMs } = this.#options;
    const pending: PendingTokenRequest = new PendingTokenRequest({
      fetchToken: async (signal) => requireToken(await supplier({ ...request, signal })),
      rejectedToken: request.refused,
      timeoutMs,
      continuesWithoutCalls: isAheadOfExpiry,
      onEnd: (token) => this.#endRequest(pending, token),
      onAbandon: () => this.#forgetRequest(pending),
    });
    this.#pending = pending;
    return pending;
  }

  /** Caches the token of a request, or tries again later if the request failed. An outdated request changes nothing. */
  #endRequest(pending: PendingTokenRequest, token: Token | undefined): void {
    if (this.#pending !== pending) {
      return;
    }
    this.#pending = undefined;
    const { leewayMs, random } = this.#options;
    if (token !== undefined) {
      this.#cached = createCachedToken(token, leewayMs, drawFraction(random));
    } else if (this.#cached !== undefined) {
      this.#cached = postponeReplacement(this.#cached);
    }
  }

  #forgetRequest(pending: PendingTokenRequest): void {
    if (this.#pending === pending) {
      this.#pending = undefined;
    }
  }

  #dropToken(rejectedToken: string | undefined): void {
    if (this.#cached?.accessToken === rejectedToken) {
      this.#cached = undefined;
    }
  }
}
