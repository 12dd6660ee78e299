import { describeUnencrypted } from "../zitadel/describe-unencrypted.js";
import { optionText } from "../utils/option-text.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { createTokenError } from "../auth/token-error.js";
import { isPrivate } from "../utils/is-private.js";
import { parseUrl } from "../utils/parse-url.js";

/**
 * Creates the function that returns the server that a token is for, by the URL of the request. The function throws if the token must not go
 * to that URL, which interceptors may have changed. `hasProxy` is that of the request.
 */
export function createTokenTargetCheck(
  base: string | URL | undefined,
  allowInsecure: boolean,
): (url: string | undefined, hasProxy: boolean) => string {
  const origin = base === undefined ? undefined : new URL(base).origin;
  const isSafe = (url: URL, hasProxy: boolean): boolean =>
    allowInsecure || isPrivate(url, hasProxy);
  // Nearly all URLs begin with this prefix, and need no parsing.
  const findPrefix = (hasProxy: boolean): string | undefined =>
    origin !== undefined && isSafe(new URL(origin), hasProxy) ? `${origin}/` : undefined;
  const prefix = findPrefix(false);
  const prefixWithProxy = findPrefix(true);
  return (text, hasProxy) => {
    const usual = hasProxy ? prefixWithProxy : prefix;
    // A transport of the caller decides where its requests go. A fixed token needs no base URL.
    if (text === undefined || (usual !== undefined && text.startsWith(usual))) {
      return String(base ?? "");
    }
    const url = parseAddress(text);
    if (url === undefined || url.origin !== (origin ?? url.origin) || !isSafe(url, hasProxy)) {
      throw createWrongServerError(url, origin, hasProxy);
    }
    return base === undefined ? url.origin : String(base);
  };
}

/** Parses a URL. In browsers, transports accept URLs relative to the page. */
function parseAddress(text: string): URL | undefined {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return parseUrl(text, page);
}

/** Creates the error of a request whose token must not go to its URL. */
function createWrongServerError(
  url: URL | undefined,
  origin: string | undefined,
  hasProxy: boolean,
): ConnectError {
  if (url === undefined) {
    return createTokenError(
      "the call has no absolute URL, so its token cannot be sent",
      Code.FailedPrecondition,
    );
  }
  return createTokenError(
    url.origin === (origin ?? url.origin)
      ? optionText`the token ${describeUnencrypted(url.host, hasProxy)}`
      : `the token is for ${origin}, but an interceptor sends the call to ${url.origin}; create a client for that server`,
    Code.FailedPrecondition,
  );
}
