import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { createTokenSource } from "../auth/create-token-source.js";
import { tokenError } from "../auth/token-error.js";
import type { TokenSource, TokenSupplier } from "../auth/token-source.js";
import { tokenProblem } from "../auth/token-text.js";
import { evidenceOf, withEvidence } from "../transport/evidence.js";
import { callRecord } from "./call.js";
import { shortenTimeout } from "./deadline-header.js";
import { isLoopback } from "./loopback.js";

/** What `auth` takes besides the tokens. */
export interface AuthOptions {
  /**
   * The address of the API. With it, a call to another origin is refused instead of carrying a token there, and it is what
   * tokens are asked for. Default: wherever the call goes.
   */
  baseUrl?: string | URL | undefined;
  /** Takes the place of the global `fetch` in requests for tokens. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Lets the token go over plain `http:` to a host other than this machine. Default: false. */
  allowInsecureAuth?: boolean | undefined;
}

/**
 * Sends a bearer token with every call, in place of an `authorization` header that the call already has: a fixed one, or
 * what a function or a token source (`zitadel-idp/auth`) gives.
 *
 * If the server answers a unary call with `unauthenticated`, another token is asked for, and the call is sent once more with
 * it if there is one. Nothing is sent, and the call fails, if no token can be had (with the error of its source), or if
 * the token would go to another server or unencrypted (`failed_precondition`).
 *
 * Throws a TypeError if `source` cannot give tokens.
 */
export function auth(
  source: string | TokenSupplier | TokenSource,
  options: AuthOptions = {},
): Interceptor {
  const tokens = toTokenSource(source);
  const { fetch, allowInsecureAuth = false } = options;
  const destination = destinations(options.baseUrl, allowInsecureAuth);
  return (next) => async (request) => {
    const startedMs = performance.now();
    const { header } = request;
    const baseUrl = destination(request.url);
    const record = request.contextValues.get(callRecord);
    const timeout = header.get("grpc-timeout");

    const token = async (refused?: string): Promise<string> => {
      if (record !== undefined) {
        record.waiting = true;
      }
      const given = await tokens.token({
        baseUrl,
        fetch,
        // Of a call without limits it is made when somebody asks for it.
        get signal() {
          return request.signal;
        },
        allowInsecureAuth,
        refused,
      });
      if (record !== undefined) {
        record.waiting = false;
        record.secrets.add(given);
      }
      return given;
    };
    const send = (given: string): ReturnType<typeof next> => {
      header.set("authorization", `Bearer ${given}`);
      if (timeout !== null) {
        // Waiting for the token took its part of the deadline.
        header.set("grpc-timeout", shortenTimeout(timeout, performance.now() - startedMs));
      }
      return next(request);
    };

    const first = await token();
    if (request.stream) {
      return await send(first);
    }
    try {
      return await send(first);
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== Code.Unauthenticated) {
        throw error;
      }
      const second = await token(first).catch((reason: unknown) => {
        throw both(error, ConnectError.from(reason));
      });
      if (second === first) {
        throw error;
      }
      if (record !== undefined) {
        record.attempts++;
      }
      return await send(second);
    }
  };
}

/** Whatever gives tokens as a token source. Throws a TypeError, which never repeats a token, if it is nothing of the kind. */
export function toTokenSource(source: string | TokenSupplier | TokenSource): TokenSource {
  if (typeof source === "function") {
    return createTokenSource(source);
  }
  if (typeof source === "object" && source !== null && typeof source.token === "function") {
    return source;
  }
  if (typeof source !== "string") {
    throw new TypeError("auth must be a token, a function that gives one, or a token source");
  }
  const problem = tokenProblem(source);
  if (problem !== undefined) {
    throw new TypeError(`auth ${problem}`);
  }
  return { token: () => Promise.resolve(source) };
}

/** What finds out where a call goes, and throws if its token may not go there. Interceptors may have changed the address. */
function destinations(
  base: string | URL | undefined,
  allowInsecure: boolean,
): (text: string) => string {
  const origin = base === undefined ? undefined : new URL(base).origin;
  const mayReach = (url: URL): boolean =>
    url.protocol !== "http:" || isLoopback(url.hostname) || allowInsecure;
  // What nearly all calls begin with: they need no parsing.
  const usual = origin !== undefined && mayReach(new URL(origin)) ? `${origin}/` : undefined;
  return (text) => {
    if (usual !== undefined && text.startsWith(usual)) {
      return String(base);
    }
    // Transports of browsers take addresses relative to the page.
    const page = (globalThis as { location?: { href: string } }).location?.href;
    if (!URL.canParse(text, page)) {
      throw tokenError(
        "the call has no absolute URL to send its token to",
        Code.FailedPrecondition,
      );
    }
    const url = new URL(text, page);
    if (origin !== undefined && url.origin !== origin) {
      throw tokenError(
        `the token is for ${origin}, and an interceptor sends the call to ${url.origin}; use a client of its own for that`,
        Code.FailedPrecondition,
      );
    }
    if (!mayReach(url)) {
      throw tokenError(
        `the token would go unencrypted to ${url.host}; use https://, or set allowInsecureAuth: true if that network is yours`,
        Code.FailedPrecondition,
      );
    }
    return base === undefined ? url.origin : String(base);
  };
}

/** What the server said, and why there was no other token. */
function both(refusal: ConnectError, reason: ConnectError): ConnectError {
  const error = new ConnectError(
    `${refusal.rawMessage}; another token could not be had: ${reason.rawMessage}`,
    Code.Unauthenticated,
    refusal.metadata,
    undefined,
    refusal.cause,
  );
  error.details = refusal.details;
  return withEvidence(error, evidenceOf(refusal));
}
