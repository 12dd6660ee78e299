import { optionText } from "../utils/option-text.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { createTokenError } from "../auth/token-error.js";
import { findTokenProblem } from "../auth/find-token-problem.js";
import type { TokenSource } from "../auth/token-source.js";
import { AttemptError } from "../call/attempt-error.js";
import { countAttempt, prepareAttempt, recordFailure } from "../call/attempts.js";
import type { Call } from "../call/call.js";
import { classify } from "./classify/classify.js";
import { createTokenTargetCheck } from "./token-target-check.js";

/** Options for the tokens of calls. */
export interface TokenOptions {
  readonly baseUrl?: string | URL | undefined;
  readonly instanceHost?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** True if `fetch` sends all requests through a forward proxy, also those to this machine. */
  readonly hasProxy?: boolean | undefined;
  readonly allowInsecureAuth?: boolean | undefined;
  readonly maxTokenResponseBytes?: number | undefined;
}

/** The end of a request: its `Deadline`, or that of the signal of a Connect request. */
interface RequestDeadline {
  /** The signal that aborts at the end. Only a source that waits for a token reads it, because creating a signal takes time. */
  readonly signal: AbortSignal;
  /** Throws the reason if the request has ended. */
  throwIfEnded(): void;
}

/** A request that needs a token. */
export interface AuthorizedRequest {
  /** The URL of the request; undefined if a transport of the caller decides it. */
  readonly url: string | undefined;
  /** The end of the request. Nothing waits for a token, and nothing is sent, after it. */
  readonly deadline: RequestDeadline;
  /** True if a forward proxy gets the request, wherever it goes. */
  readonly hasProxy: boolean;
  /** True for a stream, whose messages cannot be sent a second time. */
  readonly isStream: boolean;
}

/**
 * Sends a request with a token. If the server rejects the token, sends the request once more with another token. `send` receives the
 * value of the `authorization` header.
 */
export type SendWithToken = <R>(
  request: AuthorizedRequest,
  call: Call | undefined,
  send: (authorization: string) => Promise<R>,
) => Promise<R>;

/**
 * Creates the function that sends requests with tokens of a source. It rejects a request without sending it if no token is available
 * (with the error of the source), or if the token would go to another server or travel unencrypted (`failed_precondition`).
 */
export function createTokenPolicy(
  source: string | TokenSource,
  options: TokenOptions,
): SendWithToken {
  const { instanceHost, fetch, hasProxy, allowInsecureAuth = false } = options;
  const { maxTokenResponseBytes: maxResponseBytes } = options;
  const checkTarget = createTokenTargetCheck(options.baseUrl, allowInsecureAuth);
  if (typeof source === "string") {
    // A fixed token needs no waiting, and has no replacement after a rejection.
    const authorization = toAuthorization(source);
    return (request, call, send) => {
      checkTarget(request.url, request.hasProxy);
      call?.useToken(source);
      return send(authorization);
    };
  }
  return async (request, call, send) => {
    const baseUrl = checkTarget(request.url, request.hasProxy);
    const getToken = async (refused?: string): Promise<string> => {
      const token = await source.token({
        baseUrl,
        instanceHost,
        fetch,
        hasProxy,
        maxResponseBytes,
        get signal() {
          return request.deadline.signal;
        },
        allowInsecureAuth,
        refused,
      });
      // The request may have ended while it waited.
      request.deadline.throwIfEnded();
      call?.useToken(token);
      return token;
    };
    const token = await getToken();
    try {
      return await send(toAuthorization(token));
    } catch (error) {
      const isRejected = error instanceof ConnectError && error.code === Code.Unauthenticated;
      // A rejection of the first attempt is always answered by a second one.
      const mayResend = call === undefined || call.attempts < Math.max(2, call.maxAttempts);
      if (!isRejected || request.isStream || !mayResend) {
        throw error;
      }
      return await sendWithOtherToken(error, token, call, getToken, send);
    }
  };
}

/** Sends a rejected call once more with another token. Throws the rejection if the source has no other token. */
async function sendWithOtherToken<R>(
  rejection: ConnectError,
  rejected: string,
  call: Call | undefined,
  getToken: (refused: string) => Promise<string>,
  send: (authorization: string) => Promise<R>,
): Promise<R> {
  const wasSent = call?.sent ?? false;
  if (call !== undefined) {
    // Nothing of the next attempt is sent before it has its token.
    recordFailure(call, classify(rejection).mayBeDone);
    prepareAttempt(call);
  }
  const other = await getToken(rejected).catch((reason: unknown) => {
    throw createNoOtherTokenError(rejection, ConnectError.from(reason));
  });
  if (other === rejected) {
    throw rejection;
  }
  if (call !== undefined) {
    countAttempt(call);
    // A transport of the caller does not report when it sends.
    call.sent = wasSent;
  }
  return await send(toAuthorization(other));
}

/**
 * Returns the value of the `authorization` header. Tokens from a file often end with a line break, which HTTP would remove. Any other
 * invalid token fails here, because transports would report it as a broken connection.
 */
function toAuthorization(token: string): string {
  const trimmed = typeof token === "string" ? token.trim() : token;
  const problem = findTokenProblem(trimmed);
  if (problem !== undefined) {
    throw createTokenError(`the token of the token source ${problem}`, Code.FailedPrecondition);
  }
  return `Bearer ${trimmed}`;
}

/** Creates an error with the server's rejection and the reason why there is no other token. */
function createNoOtherTokenError(rejection: ConnectError, reason: ConnectError): ConnectError {
  const error = new AttemptError(
    optionText`${AttemptError.rawMessageOf(rejection)}; no other token is available: ${AttemptError.rawMessageOf(reason)}`,
    Code.Unauthenticated,
    AttemptError.factsOf(rejection),
    { metadata: rejection.metadata, cause: rejection.cause },
  );
  error.details = rejection.details;
  return error;
}
