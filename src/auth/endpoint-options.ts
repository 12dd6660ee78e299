import { throwInvalidOption } from "../utils/option-error.js";
import type { Message } from "../utils/message.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { apiScope } from "../zitadel/api-scope.js";
import { parseUrl } from "../utils/parse-url.js";
import { isPrivate } from "../utils/is-private.js";
import type { TlsOptions } from "../transport/socket/socket-options.js";
import type { TokenSourceOptions } from "./token-source.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";

/** Options that `serviceAccount` and `clientCredentials` share. */
export interface TokenEndpointOptions extends TokenSourceOptions {
  /**
   * The issuer of the tokens, e.g. `"https://acme.zitadel.cloud"`, if it has another address than the API. Default: the issuer with
   * the name `instanceHost`, or else the origin of the API's base URL.
   */
  issuer?: string | URL | undefined;
  /**
   * The address of the token endpoint. With this option, the discovery document of the issuer is not read. Default: the endpoint in
   * that document, which must be on the issuer's own origin.
   */
  tokenEndpoint?: string | URL | undefined;
  /**
   * Additional scopes. `urn:zitadel:iam:org:project:id:zitadel:aud`, which makes a token valid for ZITADEL's own APIs, is always
   * requested.
   */
  scopes?: readonly string[] | undefined;
  /**
   * The host name of the instance, with its port if it has one, if the issuer is reached by another host. No effect with `issuer`.
   * Default: the client's.
   */
  instanceHost?: string | undefined;
  /**
   * The forward proxy for requests of tokens: its URL, or `false` for none. Default: the client's, or without a client the
   * environment variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case. Only in Node.js, Bun and Deno.
   */
  proxy?: string | URL | false | undefined;
  /**
   * The certificates for TLS of requests of tokens. Default: the client's, or without a client the authorities that the runtime
   * trusts. `rejectUnauthorized: false` also needs `allowInsecureAuth`. Only in Node.js, Bun and Deno.
   */
  tls?: TlsOptions | undefined;
  /** True to send credentials over plain `http:` to another machine, or through a forward proxy. Default: false. */
  allowInsecureAuth?: boolean | undefined;
}

/** The checked options, with defaults. */
export interface CheckedEndpointOptions {
  readonly issuer: string | undefined;
  readonly tokenEndpoint: string | undefined;
  readonly scope: string;
  readonly allowInsecureAuth: boolean;
}

/** Checks the options. Throws a TypeError that names the invalid option. */
export function checkEndpointOptions(options: TokenEndpointOptions): CheckedEndpointOptions {
  const { issuer, tokenEndpoint, scopes = [], allowInsecureAuth = false } = options;
  // RFC 6749, section 3.3, defines the characters of a scope.
  if (!Array.isArray(scopes) || scopes.some((each) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(each))) {
    throwInvalidOption("scopes", "must be a list of scopes, each without spaces");
  }
  const checkOptional = (name: string, value: string | URL | undefined): string | undefined =>
    value === undefined ? undefined : checkAddress(name, value, allowInsecureAuth);
  return {
    issuer: trimAddress(checkOptional("issuer", issuer)),
    tokenEndpoint: checkOptional("tokenEndpoint", tokenEndpoint),
    scope: [...new Set([apiScope, ...(scopes as readonly string[])])].join(" "),
    allowInsecureAuth,
  };
}

function trimAddress(address: string | undefined): string | undefined {
  return address === undefined ? undefined : withoutTrailingSlashes(address);
}

/** Returns the reason why credentials must not be sent to `url`, or undefined if they may. */
export function findAddressProblem(
  url: URL,
  allowInsecureAuth: boolean,
  hasProxy: boolean,
): Message | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return "must begin with https:// or http://";
  }
  return !allowInsecureAuth && !isPrivate(url, hasProxy)
    ? optionText`would receive credentials unencrypted${hasProxy ? " through the proxy" : ""} (${url.host}); use https://, or ${phrase.allowInsecureAuth} if that network is yours`
    : undefined;
}

function checkAddress(name: string, value: string | URL, allowInsecureAuth: boolean): string {
  const url = parseUrl(String(value));
  if (url === undefined) {
    throwInvalidOption(name, "must be an absolute URL");
  }
  const problem =
    url.username || url.password || url.search || url.hash
      ? "must not contain a user name, a password, a query or a fragment"
      : // The proxy is not known before the first request.
        findAddressProblem(url, allowInsecureAuth, false);
  if (problem !== undefined) {
    throwInvalidOption(name, problem);
  }
  return url.href;
}
