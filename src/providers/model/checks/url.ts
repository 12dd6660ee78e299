import { trim } from "../../../utils/trim.js";
import { checkPlaceholder } from "./placeholder.js";

/** Returns the problem of an HTTP URL. ZITADEL trims the URL. */
export function checkHttpUrl(text: string): string | undefined {
  const url = trim(text);
  if (/[\s\u0085]/.test(url)) {
    return "must be a URL without white space";
  }
  if (!/^https?:\/\//i.test(url)) {
    return checkPlaceholder(url) ?? "must be a URL that begins with https:// (or http://)";
  }
  if (/[<>"{}|\\^`]/.test(url)) {
    return (
      checkPlaceholder(url) ??
      "must be a URL without <, >, quotes, braces and backslashes: replace placeholders with real values"
    );
  }
  const [, host = "", port] =
    /^https?:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::([^/?#]*))?/i.exec(url) ?? [];
  if (/^https?$/i.test(host)) {
    return "has https:// twice: remove one";
  }
  return host === "" ? "must be a URL with a host" : (checkPort(port) ?? checkParsable(url));
}

/** Returns the problem of the port of a URL. Undefined for a valid port, and without a port. */
export function checkPort(port: string | undefined): string | undefined {
  return port === undefined || port === "" || (/^\d{1,5}$/.test(port) && isPort(Number(port)))
    ? undefined
    : "has a port that is not a number from 1 to 65535";
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function checkParsable(url: string): string | undefined {
  const message = "is not a URL: its host is malformed";
  try {
    return new URL(url).host === "" ? message : undefined;
  } catch {
    return message;
  }
}

/**
 * Returns the problem of a URL that ZITADEL uses only when a user signs in. Accepts a single word as a stand-in for a URL that is not
 * known yet. Any other text must be a URL.
 */
export function checkSignInUrl(text: string): string | undefined {
  return /^[\w-]*$/.test(trim(text)) ? checkPlaceholder(trim(text)) : checkHttpUrl(text);
}

/** Returns the problem of the issuer of an OpenID provider. ZITADEL appends /.well-known/openid-configuration to it. */
export function checkIssuer(text: string): string | undefined {
  const problem = checkSignInUrl(text);
  if (problem !== undefined) {
    return problem;
  }
  return /[?#]/.test(text)
    ? "must have no query and no fragment (OpenID Connect Discovery, section 3)"
    : /\/\.well-known\/[\w-]+\/?$/.test(trim(text))
      ? "must end before /.well-known: ZITADEL appends that itself"
      : undefined;
}

/** Returns the problem of an endpoint of an OAuth provider. */
export function checkEndpoint(text: string): string | undefined {
  return (
    checkHttpUrl(text) ??
    (text.includes("#") ? "must have no fragment (RFC 6749, section 3)" : undefined)
  );
}
