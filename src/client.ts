/**
 * The client. A call passes these layers from the outside in, and its response passes them back:
 *
 * 1. The service client (unary-client.ts) checks the options of the call.
 * 2. `withErrors` (policy/errors.ts), once per call: starts the deadline, joins it with the caller's signal, lists the call for
 *    `close`, notifies the hooks `onRequest` and `onResponse`, and converts any failure into a `ZitadelError`.
 * 3. `withRetry` (policy/retry.ts), once per call: starts attempts with the time that is left, until one succeeds or its failure
 *    must not be retried (policy/judge.ts). Notifies the hook `onRetry`. Left out with `retry: false`.
 * 4. The transport (transport/grpc.ts, grpc-web.ts or json.ts), once per attempt: `runUnary` (transport/unary.ts) builds the
 *    request and runs the interceptors in this order: the caller's, the default headers, `auth`, `org`. If the response is
 *    `unauthenticated`, `auth` sends the request once more with another token.
 * 5. Inside the interceptors, the transport encodes the message, waits for a connection, sends the request, and decodes the
 *    response or throws its error.
 *
 * All layers of a call share one record (call/call-record.ts). The code for failures (`#failures`) is loaded separately, at the
 * latest with the first failure.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import type { Interceptor, Transport } from "@connectrpc/connect";
import { runtime } from "#runtime";
import type { AdminClient } from "./admin.js";
import { OpenCalls } from "./call/open-calls.js";
import type { ManagementClient } from "./management.js";
import { checkOptions, checkOrgId, type IdpClientOptions } from "./options.js";
import { auth, toTokenSource } from "./policy/auth.js";
import { createRetryBudget } from "./policy/retry/budget.js";
import { withErrors } from "./policy/errors/with-errors.js";
import { headers } from "./policy/default-headers.js";
import { org } from "./policy/org.js";
import { withRetry } from "./policy/retry/retry.js";
import type { Protocol } from "./call/protocol.js";
import { connectError } from "./call/connect-error.js";

/** A client for ZITADEL's identity-provider APIs over one wire protocol. */
export interface IdpClient extends AsyncDisposable {
  /** The client for the ManagementService: identity providers and login policy of one organization. */
  readonly management: ManagementClient;
  /** The client for the AdminService: identity providers and login policy of the whole instance. */
  readonly admin: AdminClient;
  /** The wire protocol in use. */
  readonly protocol: Protocol;
  /** The Connect transport under both services, for connect-query and other tools that take a transport. */
  readonly transport: Transport;
  /** Returns a client for another organization. It shares the connection, and `close()` of either client closes both. */
  withOrg(orgId: string): IdpClient;
  /**
   * Closes the client: rejects new calls (`failed_precondition`), waits for open calls, and closes the connection. A connection
   * that is still being opened is closed at once, and the calls that wait for it fail as not sent. Without `close`, a gRPC
   * connection stays open until it has been idle for 50 seconds; it does not keep a Node.js process alive.
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
export function createIdpClient(options: IdpClientOptions): IdpClient {
  const { baseUrl, fetch, hooks, interceptors, limits, protocol, retry, timeoutMs, ...checked } =
    checkOptions(options, runtime);
  const openWire = runtime.wires[protocol];
  if (openWire === undefined) {
    throw new TypeError(`the protocol "${protocol}" is not available in ${runtime.name}`);
  }
  const { maxResponseBytes: readMaxBytes, maxTokenResponseBytes, maxConnections } = limits;
  const { connectTimeoutMs } = checked;
  const connection = openWire({
    baseUrl,
    connectTimeoutMs,
    readMaxBytes,
    maxConnections,
    ...(fetch === undefined ? {} : { fetch }),
  });
  const budget = createRetryBudget();
  // All organizations share one token source, and so one token.
  const tokens = checked.auth === undefined ? undefined : toTokenSource(checked.auth);
  const defaults = [...checked.headers].length === 0 ? [] : [headers(checked.headers)];
  const calls = new OpenCalls(() => runtime.prepareForFailure?.(protocol));
  let closing: Promise<void> | undefined;

  const close = async ({ force = false }: CloseOptions = {}): Promise<void> => {
    if (closing === undefined) {
      connection.stopConnecting();
      closing = calls.closed().then(() => connection.close());
    }
    if (force) {
      calls.end(connectError("canceled", "the client was closed"));
    }
    await closing;
  };

  const forOrg = (orgId: string | undefined): IdpClient => {
    const chain: Interceptor[] = [...interceptors, ...defaults];
    if (tokens !== undefined) {
      const { allowInsecureAuth } = checked;
      chain.push(auth(tokens, { baseUrl, fetch, allowInsecureAuth, maxTokenResponseBytes }));
    }
    if (orgId !== undefined) {
      chain.push(org(orgId));
    }
    const about = { protocol, baseUrl, hooks };
    const wire = connection.transport(chain);
    const transport = withErrors(
      retry === false ? wire : withRetry(wire, { ...retry, ...about, budget }),
      { ...about, timeoutMs, calls },
    );
    let management: ManagementClient | undefined;
    let admin: AdminClient | undefined;
    return {
      get management() {
        return (management ??= runtime.services.management(transport));
      },
      get admin() {
        return (admin ??= runtime.services.admin(transport));
      },
      protocol,
      transport,
      withOrg: (other) => forOrg(checkOrgId(other)),
      close,
      [Symbol.asyncDispose]: close,
    };
  };
  return forOrg(checked.orgId);
}
