/// <reference lib="esnext.disposable" preserve="true" />
import type { Interceptor, Transport } from "@connectrpc/connect";
import { runtime } from "#runtime";
import type { AdminClient } from "./admin.js";
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
import { withEvidence } from "./transport/evidence.js";

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
   * Refuses new calls (`failed_precondition`), waits for those under way, and closes the connection. Without it, a gRPC
   * connection stays open until it has been idle for 50 seconds; it does not keep a Node.js process alive.
   */
  close(): Promise<void>;
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
  let underWay = 0;
  let whenIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;
  let isPrepared = false;

  /** Counts the calls under way, so that `close()` can wait for them. */
  const tracked = (inner: Transport): Transport => {
    const ended = (): void => {
      underWay--;
      if (underWay === 0) {
        whenIdle?.();
      }
    };
    const track = <T>(call: () => Promise<T>): Promise<T> => {
      if (closing !== undefined) {
        const error = connectError("failed_precondition", "the client is closed: make a new one");
        return Promise.reject(withEvidence(error, { notDone: "unsent" }));
      }
      underWay++;
      const running = call();
      running.then(ended, ended);
      if (!isPrepared) {
        isPrepared = true;
        runtime.prepareForFailure?.();
      }
      return running;
    };
    return {
      unary: (...call) => track(() => inner.unary(...call)),
      stream: (...call) => track(() => inner.stream(...call)),
    };
  };

  const close = async (): Promise<void> => {
    closing ??= new Promise<void>((resolve) => {
      whenIdle = resolve;
      if (underWay === 0) {
        resolve();
      }
    }).then(() => connection.close());
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
      tracked(retry === false ? wire : withRetry(wire, { ...retry, ...about, budget })),
      { ...about, timeoutMs },
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
