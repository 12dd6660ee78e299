import type { Interceptor } from "@connectrpc/connect";
import type { TokenSource, TokenSupplier } from "./auth/token-source.js";
import { tokenProblem } from "./auth/token-text.js";
import { unknownName } from "./check-names.js";
import { checkNumber, checkNumbers, type NumberRule } from "./check-number.js";
import type { Hooks } from "./policy/hooks.js";
import { isLoopback } from "./policy/loopback.js";
import { orgIdHeader } from "./policy/org.js";
import { checkRetryOptions, retryNumbers } from "./policy/check-retry-options.js";
import type { RetryOptions } from "./policy/retry.js";
import { readHeaders } from "./read-headers.js";
import type { Protocol, Runtime } from "./runtime/runtime.js";
import { withoutTrailingSlashes } from "./without-trailing-slashes.js";
import { connectionNumbers } from "./transport/http/connection-numbers.js";
import { bytesRule } from "./transport/transport-options.js";

/** What `createIdpClient` takes. */
export interface IdpClientOptions {
  /**
   * The address of the ZITADEL instance, e.g. `"https://acme.zitadel.cloud"`. ZITADEL finds the instance by the host
   * name: `127.0.0.1` in place of `localhost` is another instance to it.
   */
  baseUrl: string | URL;
  /**
   * What every call carries as its token: a fixed one, e.g. a service user's personal access token, without the word
   * `Bearer`; a function that gives one; or a token source, e.g. `serviceAccount(key)` of `zitadel-idp/auth`. Without it
   * calls carry none, and ZITADEL answers `unauthenticated`.
   */
  auth?: string | TokenSupplier | TokenSource | undefined;
  /**
   * The organization that calls of the ManagementService are about, sent as `x-zitadel-orgid`. Default: the
   * organization that owns the calling user.
   */
  orgId?: string | undefined;
  /**
   * The wire. Default `"auto"`: `grpc` in Node.js, Bun and Deno, `grpc-web` in browsers, `json` elsewhere, and `json`
   * where a `fetch` is given to a runtime whose default does not use it.
   */
  protocol?: Protocol | "auto" | undefined;
  /**
   * The deadline of each call in milliseconds, over everything: token, attempts, pauses and bodies. A call's own
   * `timeoutMs` goes before it. Default: none.
   */
  timeoutMs?: number | undefined;
  /**
   * The time limit for a new connection in milliseconds: name resolution, connecting and the TLS handshake. A call that gets
   * no connection in this time was never sent, and is retried. Default: 10,000. Without effect where `fetch` sends.
   */
  connectTimeoutMs?: number | undefined;
  /** The limits of what calls may take of this machine. */
  limits?: ClientLimits | undefined;
  /** How failed calls are repeated where that can do no harm; `false` for not at all. Default: up to 5 attempts. */
  retry?: RetryOptions | false | undefined;
  /** What is told of each call, without secrets: for logs, metrics and traces. */
  hooks?: Hooks | undefined;
  /**
   * Connect interceptors around every attempt of every call. They see it before the token and the organization are put
   * in.
   */
  interceptors?: Interceptor[] | undefined;
  /** Headers for every call. `authorization` and `x-zitadel-orgid` have options of their own: `auth` and `orgId`. */
  headers?: HeadersInit | undefined;
  /**
   * How requests are sent on the wires `grpc-web` and `json`. Default: the global `fetch`; in Node.js undici, on which that
   * stands, at a quarter of its cost. Pass `globalThis.fetch` where a test or a tracer has replaced it.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** Lets the token go over plain `http:` to a host other than this machine. Default: false. */
  allowInsecureAuth?: boolean | undefined;
}

/** Limits of a client. What is beyond them fails with `resource_exhausted`, or waits. */
export interface ClientLimits {
  /**
   * The longest answer of the API, in bytes, inflated or not. Reading ends at the limit, and the call fails: a read was not
   * done, a write is of unknown outcome, and neither is retried. Default: 16 MiB.
   */
  maxResponseBytes?: number | undefined;
  /** The longest answer on the way to a token, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
  /**
   * The connections to one origin that the wires `json` and `grpc-web` open in Node.js. Calls beyond them wait for their turn,
   * within their deadlines. Clients with the same number share connections. Default: 256.
   */
  maxConnections?: number | undefined;
}

/** Options after the check, with the defaults in place. */
export interface CheckedOptions {
  baseUrl: string;
  protocol: Protocol;
  auth: string | TokenSupplier | TokenSource | undefined;
  allowInsecureAuth: boolean;
  orgId: string | undefined;
  timeoutMs: number | undefined;
  connectTimeoutMs: number;
  limits: Readonly<Record<keyof ClientLimits, number>>;
  retry: RetryOptions | false;
  hooks: Hooks | undefined;
  interceptors: Interceptor[];
  headers: Headers;
  fetch: typeof globalThis.fetch | undefined;
}

const optionNames: readonly (keyof IdpClientOptions)[] = [
  "baseUrl",
  "auth",
  "orgId",
  "protocol",
  "timeoutMs",
  "connectTimeoutMs",
  "limits",
  "retry",
  "hooks",
  "interceptors",
  "headers",
  "fetch",
  "allowInsecureAuth",
];

/** Checks `options` and puts the defaults in. Throws a TypeError that names the option and the way out. */
export function checkOptions(options: IdpClientOptions, runtime: Runtime): CheckedOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      'createIdpClient takes an object, e.g. { baseUrl: "https://…", auth: token }',
    );
  }
  checkNames("", options, optionNames);
  const baseUrl = checkBaseUrl(options.baseUrl);
  const { auth, fetch, interceptors = [], timeoutMs } = options;
  if (auth !== undefined) {
    checkAuth(auth, baseUrl, options.allowInsecureAuth === true);
  }
  checkFunction("fetch", fetch);
  if (!Array.isArray(interceptors) || interceptors.some((each) => typeof each !== "function")) {
    refuse("interceptors", "must be a list of Connect interceptors");
  }
  checkNumber("timeoutMs", timeoutMs, {});
  checkNumber("connectTimeoutMs", options.connectTimeoutMs, connectionNumbers.connectTimeoutMs);
  return {
    baseUrl: withoutTrailingSlashes(baseUrl.href),
    protocol: checkProtocol(options.protocol ?? "auto", fetch !== undefined, runtime),
    auth,
    allowInsecureAuth: options.allowInsecureAuth === true,
    orgId: options.orgId === undefined ? undefined : checkOrgId(options.orgId),
    timeoutMs,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    limits: checkLimits(options.limits ?? {}),
    retry: checkRetry(options.retry ?? {}),
    hooks: checkHooks(options.hooks),
    interceptors,
    headers: checkHeaders(options.headers),
    fetch,
  };
}

/** Checks an organization id: it travels as a header. */
export function checkOrgId(orgId: string): string {
  if (typeof orgId !== "string" || !/^[\x21-\x7e]{1,200}$/.test(orgId)) {
    refuse("orgId", "must be an organization's id: 1 to 200 characters, ASCII without blanks");
  }
  return orgId;
}

function refuse(option: string, reason: string): never {
  throw new TypeError(`option ${option}: ${reason}`);
}

function checkBaseUrl(value: string | URL): URL {
  const example = 'e.g. "https://acme.zitadel.cloud"';
  if (!URL.canParse(value)) {
    refuse("baseUrl", `must be an absolute URL, ${example}`);
  }
  const url = new URL(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    refuse("baseUrl", `must begin with https:// or http://, ${example}`);
  }
  if (url.username || url.password) {
    refuse("baseUrl", "must not hold a user name or password; pass the token as auth");
  }
  if (url.search || url.hash) {
    refuse("baseUrl", "must not hold a query or a fragment");
  }
  if (/^\/(management|admin)\/v1\b/.test(url.pathname)) {
    refuse(
      "baseUrl",
      "is the instance's own address, without /management/v1 or /admin/v1; every wire adds its path",
    );
  }
  return url;
}

function checkAuth(auth: IdpClientOptions["auth"], baseUrl: URL, allowInsecure: boolean): void {
  const isSource = typeof auth === "object" && auth !== null && typeof auth.token === "function";
  if (typeof auth === "string" || !(isSource || typeof auth === "function")) {
    const problem = tokenProblem(auth);
    if (problem !== undefined) {
      refuse("auth", `${problem}; leave it out to call without one`);
    }
  }
  if (baseUrl.protocol === "http:" && !isLoopback(baseUrl.hostname) && !allowInsecure) {
    refuse(
      "auth",
      `would go unencrypted to ${baseUrl.host}; use https://, or set allowInsecureAuth: true if that network is yours`,
    );
  }
}

const limitRules: Readonly<Record<keyof ClientLimits, NumberRule>> = {
  maxResponseBytes: bytesRule,
  maxTokenResponseBytes: bytesRule,
  maxConnections: connectionNumbers.maxConnections,
};

function checkLimits(limits: ClientLimits): CheckedOptions["limits"] {
  if (typeof limits !== "object" || limits === null) {
    refuse("limits", "must be an object such as { maxResponseBytes: 1_000_000 }");
  }
  checkNames("limits.", limits, Object.keys(limitRules));
  checkNumbers(limits, limitRules, "limits.");
  return {
    maxResponseBytes: limits.maxResponseBytes ?? 16 * 1024 * 1024,
    maxTokenResponseBytes: limits.maxTokenResponseBytes ?? 1024 * 1024,
    maxConnections: limits.maxConnections ?? 256,
  };
}

function checkRetry(retry: RetryOptions | false): RetryOptions | false {
  if (retry === false) {
    return retry;
  }
  if (typeof retry !== "object" || retry === null) {
    refuse("retry", "must be false, or an object such as { maxAttempts: 3 }");
  }
  checkNames("retry.", retry, [...Object.keys(retryNumbers), "random"]);
  checkRetryOptions(retry, "retry.");
  return retry;
}

function checkHooks(hooks: Hooks | undefined): Hooks | undefined {
  if (hooks !== undefined) {
    if (typeof hooks !== "object" || hooks === null) {
      refuse("hooks", "must be an object of functions");
    }
    checkNames("hooks.", hooks, ["onRequest", "onResponse", "onRetry"]);
    for (const [name, value] of Object.entries(hooks)) {
      checkFunction(`hooks.${name}`, value);
    }
  }
  return hooks;
}

function checkNames(path: string, given: object, known: readonly string[]): void {
  const problem = unknownName(given, known);
  if (problem !== undefined) {
    throw new TypeError(`option ${path}${problem}`);
  }
}

function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    refuse(option, "must be a function");
  }
}

function checkHeaders(init: HeadersInit | undefined): Headers {
  const headers = readHeaders(init);
  for (const [name, option] of [
    ["authorization", "auth"],
    [orgIdHeader, "orgId"],
  ] as const) {
    if (headers.has(name)) {
      refuse("headers", `must not hold ${name}; use the option ${option}`);
    }
  }
  return headers;
}

function checkProtocol(protocol: Protocol | "auto", hasFetch: boolean, runtime: Runtime): Protocol {
  const spoken = Object.keys(runtime.wires) as Protocol[];
  if (protocol === "auto") {
    return hasFetch && runtime.defaultProtocol === "grpc" ? "json" : runtime.defaultProtocol;
  }
  if (!["json", "grpc", "grpc-web"].includes(protocol)) {
    refuse("protocol", 'must be "auto", "json", "grpc" or "grpc-web"');
  }
  if (!spoken.includes(protocol)) {
    refuse(
      "protocol",
      `"${protocol}" cannot be spoken in ${runtime.name}, which has no HTTP/2 client with trailers; ` +
        `use ${spoken.map((each) => `"${each}"`).join(" or ")}, or leave it out`,
    );
  }
  if (protocol === "grpc" && hasFetch) {
    refuse("fetch", 'has no effect on the protocol "grpc"; leave one of the two out');
  }
  return protocol;
}
