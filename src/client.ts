/// <reference lib="esnext.disposable" preserve="true" />
import type { Interceptor, Transport } from "@connectrpc/connect";
import { runtime } from "#runtime";
import type { AdminClient } from "./admin.js";
import { OpenCalls } from "./call/open-calls.js";
import type { ManagementClient } from "./management.js";
import { checkOptions, checkOrgId, type IdpClientOptions } from "./options.js";
import { auth, toTokenSource } from "./policy/auth.js";
import { createRetryBudget } from "./policy/budget.js";
import { withErrors } from "./policy/errors.js";
import { headers } from "./policy/headers.js";
import { org } from "./policy/org.js";
import { withRetry } from "./policy/retry.js";
import type { Protocol } from "./runtime/runtime.js";
import { connectError } from "./connect-error.js";

/** A client for ZITADEL's identity-provider APIs over one wire. */
export interface IdpClient extends AsyncDisposable {
  /** The ManagementService: identity providers and login policy of one organization. */
  readonly management: ManagementClient;
  /** The AdminService: identity providers and login policy of the whole instance. */
  readonly admin: AdminClient;
  /** The wire that was chosen. */
  readonly protocol: Protocol;
  /** The Connect transport under both services, for connect-query and other tools that take one. */
  readonly transport: Transport;
  /** The same client for another organization. It shares the connection, and `close()` of either closes both. */
  withOrg(orgId: string): IdpClient;
  /**
   * Closes the client: rejects new calls (`failed_precondition`), waits for the calls under way, and closes the connection.
   * A connection that is still being made is ended at once, and the calls that wait for it fail as not sent. Without `close`,
   * a gRPC connection stays open until it has been idle for 50 seconds; it does not keep a Node.js process alive.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Options of `close`. */
export interface CloseOptions {
  /**
   * Ends the calls under way (`canceled`, with `reason` "closed") instead of waiting for them: for calls without a deadline
   * that hang. It may be asked for while an earlier `close` still waits. Default: false.
   */
  force?: boolean | undefined;
}

/**
 * Makes a client. Nothing is sent before the first call.
 *
 * Throws a TypeError that names the option if one is wrong, or if this runtime does not have the wire.
 *
 * @example
 * const zitadel = createIdpClient({ baseUrl: "https://acme.zitadel.cloud", auth: process.env.ZITADEL_TOKEN });
 * const { id } = await zitadel.management.addGoogleProvider({ clientId, clientSecret });
 */
export function createIdpClient(options: IdpClientOptions): IdpClient {
  const { baseUrl, fetch, hooks, interceptors, limits, protocol, retry, timeoutMs, ...checked } =
    checkOptions(options, runtime);
  const openWire = runtime.wires[protocol];
  if (openWire === undefined) {
    throw new TypeError(`${runtime.name} has no wire "${protocol}"`);
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
  // One for all organizations: they share its token.
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
