import type { Interceptor } from "@connectrpc/connect";
import type { TokenSource } from "../auth/token-source.js";
import type { TokenSupplier } from "../auth/token-supplier.js";
import type { Protocol } from "../call/protocol.js";
import type { Hooks } from "../policy/observe/hooks.js";
import type { RetryOptions } from "../policy/retry/retry-options.js";
import type { TlsOptions } from "../transport/socket/socket-options.js";
import type { ClientLimits } from "./check-limits.js";

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
   * Calls and token requests go to `baseUrl` and carry this name as `Host`, or as `:authority` in HTTP/2. If `fetch` or your own
   * transport sends them, they carry it as `x-zitadel-instance-host`, which ZITADEL's CORS rules allow to pages of the same origin
   * only. The issuer of tokens must be `https://` or `http://` with this name. The certificate must fit the host of `baseUrl`, or
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
   * `fetch`; in Node.js, Bun and Deno `node:http` and undici, which take less CPU time. Pass `globalThis.fetch` if a test or a tracer
   * has replaced it.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /** True to send the token over plain `http:` to another machine, or through a forward proxy. Default: false. */
  allowInsecureAuth?: boolean | undefined;
}
