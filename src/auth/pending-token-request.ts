import { Code, type ConnectError } from "@connectrpc/connect";
import { abortWith } from "../utils/abort.js";
import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { toSupplierError } from "./supplier-error.js";
import { createTokenError } from "./token-error.js";
import type { Token } from "./token-supplier.js";
import { waitForToken } from "./wait-for-token.js";

interface PendingTokenRequestOptions {
  /** The function that fetches the token. The signal aborts at the timeout, and soon after the last call has stopped waiting. */
  readonly fetchToken: (signal: AbortSignal) => Promise<Token>;
  /** The token that the server has rejected, if this request is for a replacement. */
  readonly rejectedToken: string | undefined;
  readonly timeoutMs: number;
  /** True if the request is not aborted when no call waits for it. */
  readonly continuesWithoutCalls: boolean;
  /** The callback for the end of the request. It gets the token, or undefined if the request has failed. */
  readonly onEnd: (token: Token | undefined) => void;
  /** The callback before the request is aborted because no call waits for it any more. */
  readonly onAbandon: () => void;
}

/** The time for which a request continues without a waiting call, in milliseconds. The next call often comes at once. */
const graceMs = 500;

/** A request for a token that any number of calls wait for. */
export class PendingTokenRequest {
  readonly startedMs: number = Date.now();
  readonly rejectedToken: string | undefined;
  #options: PendingTokenRequestOptions;
  #controller = new AbortController();
  #result: Promise<string>;
  #waitingCalls = 0;
  #hasEnded = false;
  #abandonTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PendingTokenRequestOptions) {
    this.#options = options;
    this.rejectedToken = options.rejectedToken;
    // Starts in a later microtask, so that the caller has stored this request even if the supplier throws synchronously.
    this.#result = Promise.resolve().then(() => this.#run());
    // Perhaps no call waits for the result: all calls may have ended, or the request replaces a token ahead of its expiry.
    this.#result.catch(() => undefined);
  }

  /** Waits for the token until `signal` aborts or the timeout has passed. Throws the error of the request if it fails. */
  async wait(signal: AbortSignal): Promise<string> {
    const { timeoutMs, continuesWithoutCalls } = this.#options;
    this.#waitingCalls++;
    clearTimeout(this.#abandonTimer);
    try {
      return await waitForToken(this.#result, signal, timeoutMs, () =>
        createTokenTimeoutError(timeoutMs),
      );
    } finally {
      this.#waitingCalls--;
      if (this.#waitingCalls === 0 && !this.#hasEnded && !continuesWithoutCalls) {
        this.#abandonTimer = setTimeout(() => this.#abandon(), graceMs);
      }
    }
  }

  async #run(): Promise<string> {
    const { fetchToken, timeoutMs, onEnd } = this.#options;
    const { signal } = this.#controller;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let token: Token | undefined;
    try {
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        timer = setTimeout(
          () => abortWith(this.#controller, createTokenTimeoutError(timeoutMs)),
          timeoutMs,
        );
      });
      token = await Promise.race([fetchToken(signal), aborted]);
      return token.accessToken;
    } catch (reason) {
      throw toSupplierError(reason);
    } finally {
      this.#hasEnded = true;
      clearTimeout(timer);
      clearTimeout(this.#abandonTimer);
      onEnd(token);
    }
  }

  #abandon(): void {
    this.#options.onAbandon();
    abortWith(
      this.#controller,
      createTokenError("no call waits for the token any more", Code.Canceled),
    );
  }
}

function createTokenTimeoutError(timeoutMs: number): ConnectError {
  return createTokenError(
    optionText`the token request did not finish within ${String(timeoutMs)} ms; ${advice.raiseTokenTimeout}check that the token issuer can be reached`,
    Code.Unavailable,
  );
}
