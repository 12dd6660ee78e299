import type { Message } from "./utils/message.js";
import { OptionError } from "./utils/option-error.js";
import { phrase } from "./utils/option-phrases.js";
import { optionText } from "./utils/option-text.js";
import type { Interceptor, Transport } from "@connectrpc/connect";
import type { TokenSource } from "./auth/token-source.js";
import type { TokenSupplier } from "./auth/token-supplier.js";
import { findTokenProblem } from "./auth/token-text.js";
import { unknownName } from "./utils/check-names.js";
import { checkNumber, checkNumbers, type NumberRule } from "./utils/check-number.js";
import type { Hooks } from "./policy/observe/hooks.js";
import { instanceHostHeader, readInstanceHost } from "./utils/instance-host.js";
import { isPrivate } from "./utils/is-private.js";
import { orgIdHeader } from "./policy/org.js";
import {
  checkRetryOptions,
  retryNumbers,
  type RetryOptions,
} from "./policy/retry/retry-options.js";
import { parseUrl } from "./utils/parse-url.js";
import { readHeaders } from "./utils/read-headers.js";
import type { Protocol } from "./call/protocol.js";
import type { Runtime } from "./runtime/runtime.js";
import { withoutTrailingSlashes } from "./utils/without-trailing-slashes.js";
import { hasOwnProxy } from "./transport/has-own-proxy.js";
import { connectionNumbers } from "./transport/http/connection-numbers.js";
import {
  rejectSocketOptions,
  withOwnFetch,
  withoutSockets,
} from "./transport/socket/reject-socket-options.js";
import type { TlsOptions } from "./transport/socket/socket-options.js";
import { bytesRule } from "./transport/transport-options.js";

/**
 * Options of `createIdpClient`.
 *
 * @example
 * const options: IdpClientOptions = { baseUrl: "https://acme.zitadel.cloud", auth: token, timeoutMs: 10_000 };
 */
export interface IdpClientOptions {
  /**
   * The address of the ZITADEL instance, e.g. `"https://acme.zitadel.cloud"`. ZITADEL finds the instance by the host name, so
   * `127.0.0.1` instead of `localhost` means another instance, unless `instanceHost` names the instance.
   */
  baseUrl: string | URL;
  /**
   * The host name of the instance, with its port if it has one, e.g. `"acme.example"`. Needed if `baseUrl` has another host, such
   * as `http://zitadel:8080` in Docker or Kubernetes. Default: the host of `baseUrl`.
   *
   * Calls and token requests go to `baseUrl` and carry this name as `Host`, or as `:authority` in HTTP/2; where `fetch` or another
   * transport sends them, as `x-zitadel-instance-host`, which ZITADEL's CORS rules allow to pages of the same origin only. The
   * issuer of tokens must be `https://` or `http://` with this name. The certificate must fit the host of `baseUrl`, or
   * `tls.serverName`.
   */
  instanceHost?: string | undefined;
  /**
   * The source of the bearer token: a fixed token, e.g. a service user's personal access token, without the word `Bearer`; a
   * function that returns one; or a token source, e.g. `serviceAccount(key)` of `zitadel-idp/auth`. Default: none. ZITADEL
   * rejects calls without a token with `unauthenticated`.
   */
  auth?: string | TokenSupplier | TokenSource | undefined;
  /**
   * The id of the organization that ManagementService calls act on, sent as `x-zitadel-orgid`. Default: the organization that
   * owns the calling user.
   */
  orgId?: string | undefined;
  /**
   * The wire protocol. Default `"auto"`: `grpc` in Node.js, Bun and Deno, `grpc-web` in browsers, `json` elsewhere, and `json` if
   * the option `fetch` is set in a runtime whose default does not use `fetch`.
   */
  protocol?: Protocol | "auto" | undefined;
  /**
   * The timeout of each call in milliseconds. It covers everything: token, attempts, pauses and bodies. A call's own `timeoutMs`
   * takes precedence. Default: none.
   */
  timeoutMs?: number | undefined;
  /**
   * The timeout for opening a connection in milliseconds: name resolution, connecting and the TLS handshake. A call that gets no
   * connection in this time was never sent, and is retried. Default: 10,000. No effect if `fetch` sends the requests.
   */
  connectTimeoutMs?: number | undefined;
  /**
   * The forward proxy for calls and token requests: its URL, e.g. `"http://user:password@proxy.example:3128"`, or `false` for
   * none. Default: the environment variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case,
   * when the client is created. Only in Node.js, Bun and Deno, and not with `fetch`.
   */
  proxy?: string | URL | false | undefined;
  /**
   * The certificates for TLS of calls and token requests: your own authorities, and a client certificate for mutual TLS. An issuer on
   * another origin than `baseUrl` gets requests with `ca` only. Default: the authorities that the runtime trusts, and no client
   * certificate. Only in Node.js, Bun and Deno, and not with `fetch`.
   */
  tls?: TlsOptions | undefined;
  /** Limits on the memory and the connections that calls use. */
  limits?: ClientLimits | undefined;
  /** The rules for retrying failed calls where a retry can do no harm; `false` turns retries off. Default: up to 5 attempts. */
  retry?: RetryOptions | false | undefined;
  /** Callbacks that are notified of each call, without secrets: for logs, metrics and traces. */
  hooks?: Hooks | undefined;
  /** Connect interceptors around every attempt of every call. They run before the token and the organization are added. */
  interceptors?: Interceptor[] | undefined;
  /** Headers for every call. `authorization` and `x-zitadel-orgid` have options of their own: `auth` and `orgId`. */
  headers?: HeadersInit | undefined;
  /**
   * The function that sends requests of the wire protocols `grpc-web` and `json`, and requests for tokens. Default: the global
   * `fetch`; in Node.js, Bun and Deno `node:http`, at a third of its cost. Pass `globalThis.fetch` if a test or a tracer has replaced it.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** True to send the token over plain `http:` to another machine, or through a forward proxy. Default: false. */
  allowInsecureAuth?: boolean | undefined;
}

/**
 * Options of `createIdpClient` for a client over any Connect transport, e.g. one of connect-node or connect-web, or
 * `createRouterTransport` in a test. Retries, errors, deadlines, the token and the organization work as with our own transports,
 * except for what `docs/other-transports.md` lists.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl }); // of @connectrpc/connect-node
 * const options: TransportClientOptions = { transport, auth: token, orgId };
 */
export interface TransportClientOptions extends Omit<
  IdpClientOptions,
  "baseUrl" | "protocol" | "connectTimeoutMs" | "proxy" | "tls" | "limits" | "fetch"
> {
  /** The transport that sends the requests. It decides the server, so the client cannot check where its token goes. */
  transport: Transport;
  /** The address of the ZITADEL instance, for hints in errors. Required if `auth` is a function or a token source. */
  baseUrl?: string | URL | undefined;
  /** The function that sends requests for tokens. Default: the global `fetch`; in Node.js, Bun and Deno `node:http`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The limit for responses of the token issuer. The transport has its own limits for responses of the API. */
  limits?: Pick<ClientLimits, "maxTokenResponseBytes"> | undefined;
}

/** Limits of a client. A call that exceeds a size limit fails with `resource_exhausted`; a call beyond `maxConnections` waits. */
interface ClientLimits {
  /**
   * The maximum length of an API response, in bytes, both compressed and decompressed. Reading stops at the limit and the call
   * fails: the outcome is `not_done` for a read and `unknown` for a write, and neither is retried. Default: 16 MiB.
   */
  maxResponseBytes?: number | undefined;
  /** The maximum length of a response of the token issuer, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
  /**
   * The maximum number of connections to one origin that `json` and `grpc-web` open in Node.js. Further calls wait for their
   * turn, within their deadlines. Clients with the same number share connections. Default: 256.
   */
  maxConnections?: number | undefined;
}

/** The checked options, with defaults. */
export interface CheckedOptions {
  /** Undefined only with a transport. */
  baseUrl: string | undefined;
  instanceHost: string | undefined;
  /** Undefined with a transport. */
  protocol: Protocol | undefined;
  transport: Transport | undefined;
  auth: string | TokenSupplier | TokenSource | undefined;
  allowInsecureAuth: boolean;
  orgId: string | undefined;
  timeoutMs: number | undefined;
  connectTimeoutMs: number;
  proxy: string | URL | false | undefined;
  tls: TlsOptions | undefined;
  limits: Readonly<Record<keyof ClientLimits, number>>;
  retry: RetryOptions | false;
  hooks: Hooks | undefined;
  interceptors: Interceptor[];
  headers: Readonly<Record<string, string>>;
  fetch: typeof globalThis.fetch | undefined;
}

const optionNames: readonly (keyof IdpClientOptions | keyof TransportClientOptions)[] = [
  "baseUrl",
  "instanceHost",
  "transport",
  "auth",
  "orgId",
  "protocol",
  "timeoutMs",
  "connectTimeoutMs",
  "proxy",
  "tls",
  "limits",
  "retry",
  "hooks",
  "interceptors",
  "headers",
  "fetch",
  "allowInsecureAuth",
];

/** All options, of which each kind of client takes some. */
type AllOptions = Partial<
  Omit<IdpClientOptions, "baseUrl"> & Omit<TransportClientOptions, "limits">
>;

/** The options that the caller's own transport makes useless. */
const transportConflicts: readonly (keyof IdpClientOptions)[] = [
  "protocol",
  "connectTimeoutMs",
  "proxy",
  "tls",
];

/** Checks `options` and applies the defaults. Throws a TypeError that names the invalid option and the fix. */
export function checkOptions(
  options: IdpClientOptions | TransportClientOptions,
  runtime: Runtime,
): CheckedOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      'createIdpClient takes an object, e.g. { baseUrl: "https://…", auth: token }',
    );
  }
  checkNames("", options, optionNames);
  const all: AllOptions = options;
  const transport = checkTransport(all);
  const baseUrl =
    transport !== undefined && all.baseUrl === undefined
      ? undefined
      : checkBaseUrl(all.baseUrl as string | URL);
  const { auth, fetch, interceptors = [], timeoutMs } = all;
  checkFunction("fetch", fetch);
  checkSockets(all, baseUrl, runtime);
  if (auth !== undefined) {
    checkAuth(auth, baseUrl, all);
  }
  if (!Array.isArray(interceptors) || interceptors.some((each) => typeof each !== "function")) {
    throwInvalid("interceptors", "must be a list of Connect interceptors");
  }
  checkNumber("timeoutMs", timeoutMs, {});
  checkNumber("connectTimeoutMs", all.connectTimeoutMs, connectionNumbers.connectTimeoutMs);
  const instanceHost =
    all.instanceHost === undefined ? undefined : readInstanceHost(all.instanceHost);
  return {
    baseUrl: baseUrl && withoutTrailingSlashes(baseUrl.href),
    instanceHost,
    protocol:
      transport === undefined
        ? checkProtocol(all.protocol ?? "auto", fetch !== undefined, runtime)
        : undefined,
    transport,
    auth,
    allowInsecureAuth: all.allowInsecureAuth === true,
    orgId: all.orgId === undefined ? undefined : checkOrgId(all.orgId),
    timeoutMs,
    connectTimeoutMs: all.connectTimeoutMs ?? 10_000,
    proxy: all.proxy,
    tls: all.tls,
    limits: checkLimits(all.limits ?? {}),
    retry: checkRetry(all.retry ?? {}),
    hooks: checkHooks(all.hooks),
    interceptors,
    headers: checkHeaders(all.headers, instanceHost !== undefined),
    fetch,
  };
}

function checkTransport(options: AllOptions): Transport | undefined {
  const { transport } = options;
  if (transport === undefined) {
    return undefined;
  }
  if (
    typeof transport !== "object" ||
    transport === null ||
    typeof transport.unary !== "function"
  ) {
    throwInvalid("transport", "must be a Connect transport");
  }
  for (const option of transportConflicts) {
    if (options[option] !== undefined) {
      throwInvalid(option, "has no effect with the option transport; set it on the transport");
    }
  }
  for (const limit of ["maxResponseBytes", "maxConnections"] as const) {
    if (options.limits?.[limit] !== undefined) {
      throwInvalid(`limits.${limit}`, "has no effect with the option transport; set it there");
    }
  }
  if (
    options.baseUrl === undefined &&
    options.auth !== undefined &&
    typeof options.auth !== "string"
  ) {
    throwInvalid("baseUrl", "is required, because auth requests tokens for it");
  }
  return transport;
}

/** Checks the options for sockets, which are rejected where `fetch` opens the connections. */
function checkSockets(
  options: AllOptions,
  baseUrl: URL | undefined,
  { name, sockets }: Runtime,
): void {
  if (options.fetch !== undefined) {
    rejectSocketOptions(options, withOwnFetch);
  } else if (sockets === undefined) {
    rejectSocketOptions(options, withoutSockets(name));
  } else if (baseUrl !== undefined) {
    sockets.check(baseUrl, options, options.allowInsecureAuth === true);
  }
}
/** Checks an organization id, which is sent as a header. */
export function checkOrgId(orgId: string): string {
  if (typeof orgId !== "string" || !/^[\x21-\x7e]{1,200}$/.test(orgId)) {
    throwInvalid(
      "orgId",
      "must be an organization's id: 1 to 200 characters, ASCII without blanks",
    );
  }
  return orgId;
}

function throwInvalid(option: string, problem: Message): never {
  throw new OptionError(option, problem);
}

function checkBaseUrl(value: string | URL): URL {
  const example = 'e.g. "https://acme.zitadel.cloud"';
  const url =
    parseUrl(String(value)) ?? throwInvalid("baseUrl", `must be an absolute URL, ${example}`);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    const hint = url.protocol.includes("unix") ? "; for a Unix socket, pass a fetch too" : "";
    throwInvalid("baseUrl", `must begin with https:// or http://, ${example}${hint}`);
  }
  if (url.username || url.password) {
    throwInvalid(
      "baseUrl",
      optionText`must not hold a user name or password${phrase.adviseTokenAsAuth}`,
    );
  }
  if (url.search || url.hash) {
    throwInvalid("baseUrl", "must not hold a query or a fragment");
  }
  if (/^\/(management|admin)\/v1\b/.test(url.pathname)) {
    throwInvalid(
      "baseUrl",
      "must be the instance's own address, without /management/v1 or /admin/v1; the client adds the path",
    );
  }
  return url;
}

function checkAuth(
  auth: IdpClientOptions["auth"],
  baseUrl: URL | undefined,
  { allowInsecureAuth, proxy }: AllOptions,
): void {
  const isSource = typeof auth === "object" && auth !== null && typeof auth.token === "function";
  if (typeof auth === "string" || !(isSource || typeof auth === "function")) {
    const problem = findTokenProblem(auth);
    if (problem !== undefined) {
      throwInvalid("auth", optionText`${problem}${phrase.adviseNoAuth}`);
    }
  }
  // A proxy of the option gets requests to this machine too, unlike a proxy of the environment.
  const hasProxy = hasOwnProxy({ proxy });
  if (baseUrl !== undefined && !isPrivate(baseUrl, hasProxy) && allowInsecureAuth !== true) {
    throwInvalid(
      "auth",
      optionText`would be sent unencrypted to ${baseUrl.host}${hasProxy ? " through the proxy" : ""}; use https://, or ${phrase.allowInsecureAuth} if that network is yours`,
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
    throwInvalid("limits", "must be an object such as { maxResponseBytes: 1_000_000 }");
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
    throwInvalid("retry", "must be false, or an object such as { maxAttempts: 3 }");
  }
  checkNames("retry.", retry, [...Object.keys(retryNumbers), "random"]);
  checkRetryOptions(retry, "retry.");
  return retry;
}

function checkHooks(hooks: Hooks | undefined): Hooks | undefined {
  if (hooks !== undefined) {
    if (typeof hooks !== "object" || hooks === null) {
      throwInvalid("hooks", "must be an object of functions");
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
    throwInvalid(option, "must be a function");
  }
}

/** Returns the default headers by their lower-case names. Node.js loads its whole `fetch` with the first use of `Headers`. */
function checkHeaders(
  init: HeadersInit | undefined,
  hasInstanceHost: boolean,
): Readonly<Record<string, string>> {
  if (init === undefined) {
    return {};
  }
  const headers = readHeaders(init);
  const conflicts = {
    authorization: "auth",
    [orgIdHeader]: "orgId",
    ...(hasInstanceHost && { host: "instanceHost", [instanceHostHeader]: "instanceHost" }),
  };
  for (const [name, option] of Object.entries(conflicts)) {
    if (headers.has(name)) {
      throwInvalid("headers", `must not hold ${name}; use the option ${option}`);
    }
  }
  return Object.fromEntries(headers);
}

function checkProtocol(protocol: Protocol | "auto", hasFetch: boolean, runtime: Runtime): Protocol {
  const available = Object.keys(runtime.protocols) as Protocol[];
  if (protocol === "auto") {
    return hasFetch && runtime.defaultProtocol === "grpc" ? "json" : runtime.defaultProtocol;
  }
  if (!["json", "grpc", "grpc-web"].includes(protocol)) {
    throwInvalid("protocol", 'must be "auto", "json", "grpc" or "grpc-web"');
  }
  if (!available.includes(protocol)) {
    throwInvalid(
      "protocol",
      `"${protocol}" is not available in ${runtime.name}, which has no HTTP/2 client with trailers; ` +
        `use ${available.map((each) => `"${each}"`).join(" or ")}, or leave it out`,
    );
  }
  if (protocol === "grpc" && hasFetch) {
    throwInvalid("fetch", 'has no effect on the protocol "grpc"; leave one of the two out');
  }
  return protocol;
}
