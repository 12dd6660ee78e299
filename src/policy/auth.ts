import type { Code, Interceptor } from "@connectrpc/connect";
import type { TokenSource, TokenSupplier } from "../auth/token-source.js";
import { tokenProblem } from "../auth/token-text.js";
import { checkNumber } from "../check-number.js";
import { lazy } from "../runtime/lazy.js";
import { isConnectError } from "../connect-error.js";
import { bytesRule } from "../transport/transport-options.js";
import { ownInterceptor } from "../transport/unary.js";
import { callRecord } from "../call/call-record.js";
import { shortenTimeout } from "./deadline-header.js";
import { isLoopback } from "./loopback.js";

const unauthenticated: Code.Unauthenticated = 16;

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
  /** The longest answer on the way to a token, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
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
  checkNumber("maxTokenResponseBytes", options.maxTokenResponseBytes, bytesRule);
  const tokens = toTokenSource(source);
  const { fetch, allowInsecureAuth = false, maxTokenResponseBytes: maxResponseBytes } = options;
  const destination = destinations(options.baseUrl, allowInsecureAuth);
  const fixed = fixedTokens.get(tokens);
  if (fixed !== undefined) {
    // There is nothing to wait for, and no other token to try.
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
        // Of a call without limits it is made when somebody asks for it.
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

/** Whatever gives tokens as a token source. Throws a TypeError, which never repeats a token, if it is nothing of the kind. */
export function toTokenSource(source: string | TokenSupplier | TokenSource): TokenSource {
  if (typeof source === "function") {
    return fromSupplier(source);
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
  const tokens: TokenSource = { token: () => Promise.resolve(source) };
  fixedTokens.set(tokens, source);
  return tokens;
}

/** The token sources that only ever give one token. */
const fixedTokens = new WeakMap<TokenSource, string>();

async function refuse(url: string, base: string | URL | undefined): Promise<never> {
  const { misdirected } = await import("#failures");
  throw misdirected(url, base);
}

/** A token source of a function, whose code is loaded when the first token is asked for. */
function fromSupplier(supplier: TokenSupplier): TokenSource {
  const source = lazy(async () => (await import("#token-source")).createTokenSource(supplier));
  return { token: async (request) => await (await source.load()).token(request) };
}

/**
 * What says for which server a call to an address needs a token; undefined if its token may not go there. Interceptors may
 * have changed the address.
 */
function destinations(
  base: string | URL | undefined,
  allowInsecure: boolean,
): (text: string) => string | undefined {
  const origin = base === undefined ? undefined : new URL(base).origin;
  const mayReach = (url: URL): boolean =>
    url.protocol !== "http:" || isLoopback(url.hostname) || allowInsecure;
  // What nearly all calls begin with: they need no parsing.
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

/** Transports of browsers take addresses relative to the page. */
export function parseAddress(text: string): URL | undefined {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return URL.canParse(text, page) ? new URL(text, page) : undefined;
}
