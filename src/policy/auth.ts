import type { Code, Interceptor } from "@connectrpc/connect";
import type { TokenSource } from "../auth/token-source.js";
import type { TokenSupplier } from "../auth/token-supplier.js";
import { findTokenProblem as tokenProblem } from "../auth/token-text.js";
import { checkNumber } from "../utils/check-number.js";
import { lazy } from "../call/lazy.js";
import { isConnectError } from "../call/connect-error.js";
import { bytesRule } from "../transport/transport-options.js";
import { ownInterceptor } from "../transport/run-unary.js";
import { callRecord } from "../call/call-record.js";
import { shortenTimeout } from "./deadline-header.js";
import { isLoopback } from "../utils/loopback.js";

const unauthenticated: Code.Unauthenticated = 16;

/** Options of `auth` besides the token source. */
export interface AuthOptions {
  /**
   * The base URL of the API. If set, a call to another origin fails instead of carrying a token there, and tokens are requested
   * for this URL. Default: the origin of each call.
   */
  baseUrl?: string | URL | undefined;
  /** A replacement for the global `fetch` in requests for tokens. */
  fetch?: typeof globalThis.fetch | undefined;
  /** True to send the token over plain `http:` to a host other than this machine. Default: false. */
  allowInsecureAuth?: boolean | undefined;
  /** The maximum length of a response of the token issuer, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
}

/**
 * Creates an interceptor that sends a bearer token with every call, instead of any `authorization` header that the call already
 * has. The token is fixed, or comes from a function or a token source (`zitadel-idp/auth`).
 *
 * If the server answers a unary call with `unauthenticated`, the interceptor asks for another token, and sends the call once more
 * if it gets one. The call fails without being sent if no token is available (with the error of the source), or if the token
 * would go to another server or travel unencrypted (`failed_precondition`).
 *
 * Throws a TypeError if `source` cannot give tokens.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl, interceptors: [auth(serviceAccount(key), { baseUrl })] });
 */
export function auth(
  source: string | TokenSupplier | TokenSource,
  options: AuthOptions = {},
): Interceptor {
  checkNumber("maxTokenResponseBytes", options.maxTokenResponseBytes, bytesRule);
  const tokens = toTokenSource(source);
  const { fetch, allowInsecureAuth = false, maxTokenResponseBytes: maxResponseBytes } = options;
  const destination = destinations(options.baseUrl, allowInsecureAuth);
  const fixed = fixedTokens.get(tokens);
  if (fixed !== undefined) {
    // A fixed token needs no waiting, and has no replacement after a rejection.
    return ownInterceptor((next) => (request) => {
      if (destination(request.url) === undefined) {
        return refuse(request.url, options.baseUrl);
      }
      const record = request.contextValues.get(callRecord);
      if (record !== undefined) {
        record.secrets.push(fixed);
        record.token = fixed;
      }
      request.header.set("authorization", `Bearer ${fixed}`);
      return next(request);
    });
  }
  return ownInterceptor((next) => async (request) => {
    const startedMs = performance.now();
    const { header } = request;
    const baseUrl = destination(request.url);
    if (baseUrl === undefined) {
      return await refuse(request.url, options.baseUrl);
    }
    const record = request.contextValues.get(callRecord);
    const timeout = header.get("grpc-timeout");

    const token = async (refused?: string): Promise<string> => {
      const given = await tokens.token({
        baseUrl,
        fetch,
        maxResponseBytes,
        // A getter, because the signal of a call without a deadline and a signal is only created on demand.
        get signal() {
          return request.signal;
        },
        allowInsecureAuth,
        refused,
      });
      if (record !== undefined) {
        record.secrets.push(given);
        record.token = given;
      }
      return given;
    };
    const send = (given: string): ReturnType<typeof next> => {
      header.set("authorization", `Bearer ${given}`);
      if (timeout !== null) {
        // Subtract the time that the token took from the deadline.
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
      if (!isConnectError(error) || error.code !== unauthenticated) {
        throw error;
      }
      const { renew } = await import("#failures");
      return await renew(error, first, token, (second) => {
        if (record !== undefined) {
          record.attempts++;
        }
        return send(second);
      });
    }
  });
}

/**
 * Converts anything that gives tokens into a token source. Throws a TypeError, which never repeats a token, for anything else.
 */
export function toTokenSource(source: string | TokenSupplier | TokenSource): TokenSource {
  if (typeof source === "function") {
    return fromSupplier(source);
  }
  if (typeof source === "object" && source !== null && typeof source.token === "function") {
    return source;
  }
  if (typeof source !== "string") {
    throw new TypeError("auth must be a token, a function that returns one, or a token source");
  }
  const problem = tokenProblem(source);
  if (problem !== undefined) {
    throw new TypeError(`auth ${problem}`);
  }
  const tokens: TokenSource = { token: () => Promise.resolve(source) };
  fixedTokens.set(tokens, source);
  return tokens;
}

/** The token sources with a fixed token, and that token. */
const fixedTokens = new WeakMap<TokenSource, string>();

async function refuse(url: string, base: string | URL | undefined): Promise<never> {
  const { misdirected } = await import("#failures");
  throw misdirected(url, base);
}

/** Creates a token source from a function. The code for it is loaded with the first request for a token. */
function fromSupplier(supplier: TokenSupplier): TokenSource {
  const source = lazy(async () => (await import("#token-source")).createTokenSource(supplier));
  return { token: async (request) => await (await source.load()).token(request) };
}

/**
 * Returns a function from the URL of a call to the server that its token is for, or to undefined if the token must not go there.
 * Interceptors may have changed the URL.
 */
function destinations(
  base: string | URL | undefined,
  allowInsecure: boolean,
): (text: string) => string | undefined {
  const origin = base === undefined ? undefined : new URL(base).origin;
  const mayReach = (url: URL): boolean =>
    url.protocol !== "http:" || isLoopback(url.hostname) || allowInsecure;
  // The prefix of nearly all calls, which need no parsing of their URL.
  const usual = origin !== undefined && mayReach(new URL(origin)) ? `${origin}/` : undefined;
  return (text) => {
    if (usual !== undefined && text.startsWith(usual)) {
      return String(base);
    }
    const url = parseAddress(text);
    if (url === undefined || url.origin !== (origin ?? url.origin) || !mayReach(url)) {
      return undefined;
    }
    return base === undefined ? url.origin : String(base);
  };
}

/** Parses a URL. In browsers, transports accept URLs relative to the page. */
export function parseAddress(text: string): URL | undefined {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return URL.canParse(text, page) ? new URL(text, page) : undefined;
}
