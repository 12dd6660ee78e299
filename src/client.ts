/**
 * The client. A call passes these layers from the outside in, and its response passes them back:
 *
 * 1. The service client (services/service-client.ts) checks the options of the call.
 * 2. `withErrors` (policy/with-errors.ts), once per call: creates the state of the call (call/call.ts) with its deadline,
 *    notifies the hooks, and converts any failure into a `ZitadelError`.
 * 3. `withRetry` (policy/retry/retry.ts), once per call: sends attempts until one succeeds or its failure must not be retried.
 * 4. `runAttempt` (transport/run-attempt.ts), once per attempt: runs the caller's interceptors, then the policy of the client
 *    (policy/client-policy.ts), which sets its headers and its token. A transport calls it; the runtime (runtime/) decides which
 *    transports there are, and `createLazyTransport` (call/lazy-transport.ts) loads most of them with the first call.
 * 5. The transport (transport/grpc.ts, grpc-web.ts or json.ts) encodes the message, sends it, and decodes the response. gRPC sends by
 *    `runHttp2Exchange` (transport/http2/http2-exchange.ts), the others by an `HttpSend`: `createFetchSend`
 *    (transport/http/fetch-send.ts), or `createNodeSend` (node-send.ts). The latter chooses `fetch` if the program has replaced its
 *    dispatcher, otherwise `node:http` or undici, and sends again over HTTP/2 to a server without HTTP/1 (`withHttp2Fallback`).
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { runtime } from "#runtime";
import { OpenCalls } from "./call/open-calls.js";
import type { Protocol } from "./call/protocol.js";
import { type CheckedOptions, checkOptions } from "./options/check-options.js";
import { checkOrgId } from "./options/check-org-id.js";
import type { IdpClientOptions } from "./options/idp-client-options.js";
import type { TransportClientOptions } from "./options/transport-client-options.js";
import { createClientPolicy } from "./policy/client-policy.js";
import { withErrors } from "./policy/with-errors.js";
import { createRetryBudget, type RetryBudget } from "./policy/retry/retry-budget.js";
import { withRetry } from "./policy/retry/retry.js";
import { toTokenSource } from "./policy/to-token-source.js";
import type { TokenSource } from "./auth/token-source.js";
import { type AdminClient, createAdminClient } from "./services/admin.js";
import { createManagementClient, type ManagementClient } from "./services/management.js";
import {
  type Connection,
  adaptTransportFactory,
  type ConnectionOptions,
} from "./transport/connection.js";
import { hasOwnProxy } from "./transport/has-own-proxy.js";
import { adaptTransport } from "./transport/adapt-transport.js";

/** A client for ZITADEL's identity-provider APIs over one wire protocol. */
export interface IdpClient extends AsyncDisposable {
  /** The client for the ManagementService: identity providers and login policy of one organization. */
  readonly management: ManagementClient;
  /** The client for the AdminService: identity providers and login policy of the whole instance. */
  readonly admin: AdminClient;
  /** The wire protocol in use; undefined with the option `transport`. */
  readonly protocol: Protocol | undefined;
  /** The Connect transport under both services, for connect-query and other tools that take a transport. */
  readonly transport: Transport;
  /**
   * Returns a client for another organization. Both clients share the connection, and `close()` of one closes both. Throws a
   * TypeError if the id is invalid.
   *
   * @example
   * const acme = zitadel.withOrg("69629012906488334");
   * const { result } = await acme.management.listProviders({});
   */
  withOrg(orgId: string): IdpClient;
  /**
   * Closes the client: rejects new calls (`failed_precondition`), waits for open calls, and closes the connection. Over
   * gRPC, a connection has one more second to open. Then the calls that still wait for it fail as not sent (`failed_precondition`).
   * Without `close`, a gRPC connection stays open until it has been idle for 50 seconds; it does not keep a Node.js process alive.
   *
   * @example
   * await zitadel.close({ force: true }); // Ends open calls. Without `force`, waits for them.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Options of `close`. */
export interface CloseOptions {
  /**
   * True to end open calls (`canceled`, with `reason` "closed") instead of waiting for them, e.g. for calls that hang without a
   * deadline. You may pass it while an earlier `close` is still waiting. Default: false.
   */
  force?: boolean | undefined;
}

/**
 * Creates a client. Sends nothing before the first call.
 *
 * Throws a TypeError that names the option if one is invalid, or if the runtime does not support the wire protocol.
 *
 * @example
 * const zitadel = createIdpClient({ baseUrl: "https://acme.zitadel.cloud", auth: process.env.ZITADEL_TOKEN });
 * const { id } = await zitadel.management.addGoogleProvider({ clientId, clientSecret });
 * await zitadel.close();
 */
export function createIdpClient(
  options: IdpClientOptions,
): IdpClient & { readonly protocol: Protocol };
export function createIdpClient(options: TransportClientOptions): IdpClient;
export function createIdpClient(options: IdpClientOptions | TransportClientOptions): IdpClient {
  const checked = checkOptions(options, runtime);
  const { auth, fetch, orgId } = checked;
  const connectionOptions = toConnectionOptions(checked);
  const connection = openConnection(checked, connectionOptions);
  const shared: SharedState = {
    options: checked,
    connection,
    tokenFetch: fetch ?? createIssuerFetch(checked, connectionOptions, connection),
    tokens: auth === undefined ? undefined : toTokenSource(auth),
    budget: createRetryBudget(),
    calls: new OpenCalls(),
    closing: undefined,
  };
  return createOrgClient(shared, orgId);
}

/** The state that the clients of all organizations share. */
interface SharedState {
  readonly options: CheckedOptions;
  readonly connection: Connection;
  /** The function that sends token requests. Undefined for the global `fetch`. */
  readonly tokenFetch: typeof globalThis.fetch | undefined;
  readonly tokens: string | TokenSource | undefined;
  readonly budget: RetryBudget;
  readonly calls: OpenCalls;
  /** The result of the first `close`. */
  closing: Promise<void> | undefined;
}

/** Opens the connection for the protocol of the options, or adapts the caller's own transport. */
function openConnection(
  { transportChoice }: CheckedOptions,
  connectionOptions: ConnectionOptions,
): Connection {
  if (transportChoice.transport !== undefined) {
    const { transport } = transportChoice;
    const open = adaptTransportFactory(({ interceptors }, policy) =>
      adaptTransport(transport, interceptors, policy),
    );
    return open(connectionOptions);
  }
  return transportChoice.open(connectionOptions);
}

function toConnectionOptions({ limits, ...options }: CheckedOptions): ConnectionOptions {
  const { baseUrl = "", fetch, connectTimeoutMs, proxy, tls } = options;
  const { maxResponseBytes: readMaxBytes, maxConnections } = limits;
  return { baseUrl, fetch, connectTimeoutMs, proxy, tls, readMaxBytes, maxConnections };
}

/** Creates the function that sends token requests, over sockets with the options of the client where the runtime has sockets. */
function createIssuerFetch(
  { limits }: CheckedOptions,
  options: ConnectionOptions,
  { http2 }: Connection,
): typeof globalThis.fetch | undefined {
  return runtime.sockets?.createFetch({
    ...options,
    http2,
    readMaxBytes: limits.maxTokenResponseBytes,
  });
}

function createOrgClient(shared: SharedState, orgId: string | undefined): IdpClient {
  const { protocol } = shared.options.transportChoice;
  const transport = createOrgTransport(shared, orgId);
  let management: ManagementClient | undefined;
  let admin: AdminClient | undefined;
  const close = (options?: CloseOptions): Promise<void> => closeClient(shared, options);
  return {
    get management() {
      return (management ??= createManagementClient(transport));
    },
    get admin() {
      return (admin ??= createAdminClient(transport));
    },
    protocol,
    transport,
    withOrg: (other) => createOrgClient(shared, checkOrgId(other)),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** Puts the layers around the connection: the policy of the client, then retries, then errors. */
function createOrgTransport(
  { options, connection, tokenFetch, tokens, budget, calls }: SharedState,
  orgId: string | undefined,
): Transport {
  const { baseUrl, headers, hooks, retry, timeoutMs, transportChoice } = options;
  const policy = createClientPolicy({
    headers,
    orgId,
    instanceHost: options.instanceHost,
    tokens,
    isTransportOfCaller: transportChoice.transport !== undefined,
    baseUrl,
    fetch: tokenFetch,
    hasProxy: hasOwnProxy(options),
    allowInsecureAuth: options.allowInsecureAuth,
    maxTokenResponseBytes: options.limits.maxTokenResponseBytes,
  });
  const attempts = connection.createTransport(options.interceptors, policy);
  const hookOptions = { protocol: transportChoice.protocol, baseUrl, hooks };
  const retried =
    retry === false ? attempts : withRetry(attempts, { ...retry, ...hookOptions, budget });
  // A proxy may repeat its credentials in its response.
  const secrets = runtime.sockets?.listProxySecrets(options.proxy);
  return withErrors(retried, { ...hookOptions, timeoutMs, calls, secrets });
}

async function closeClient(
  shared: SharedState,
  { force = false }: CloseOptions = {},
): Promise<void> {
  const { calls, connection } = shared;
  if (shared.closing === undefined) {
    connection.stopConnecting();
    shared.closing = calls.close().then(() => connection.close());
  }
  if (force) {
    calls.end(new ConnectError("the client was closed", Code.Canceled));
  }
  await shared.closing;
}
