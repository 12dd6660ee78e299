/// <reference lib="esnext.disposable" preserve="true" />
import type { Transport } from "@connectrpc/connect";
import { isNumber } from "../utils/check-number.js";
import { createGrpcWebTransportOver } from "../transport/grpc-web.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import { createFaultRules, type FaultRule, type InjectedFault } from "./faults/rules.js";
import { createFetch } from "./fetch.js";
import { createRequestLog, type LoggedRequest } from "./log/request-log.js";
import { createRespond } from "./respond.js";
import type { EmulatorSeed } from "./seed.js";
import { createWorlds } from "./worlds.js";

/** The options of `createEmulator`. */
export interface EmulatorOptions {
  /**
   * The initial state. Default: one organization, and one service user with the role IAM_OWNER.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ seed: { organizations: [{ id: "1", name: "Acme" }] } });
   * ```
   */
  seed?: EmulatorSeed;
  /**
   * The delay until some reads show a write, in milliseconds. Default: 0, which shows every write at once.
   *
   * The delay applies to ListProviders, ListIDPs, ListOrgIDPs, ListLoginPolicyIDPs (only a deleted provider lingers),
   * ListHumanLinkedIDPs, GetDefaultLoginPolicy and the GetLoginPolicy of the AdminService. On a real server these reads trail by
   * some milliseconds, sometimes by a hundred; all other reads show a write at once.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ lagMs: 100 });
   * ```
   */
  lagMs?: number;
  /**
   * The number of requests that `log` keeps. Default: 1000.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ logSize: 10 });
   * ```
   */
  logSize?: number;
  /**
   * Called with each request after it is added to `log` and before the client receives its response. Errors that the function
   * throws are ignored.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ onRequest: ({ rpc, status }) => console.log(rpc, status) });
   * ```
   */
  onRequest?: (request: LoggedRequest) => void;
}

/** The options of `Emulator.listen`. */
export interface ListenOptions {
  /**
   * The TCP port. Default: 0, which picks a free port.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen({ port: 8080 });
   * ```
   */
  port?: number;
  /**
   * The address to listen on. Default: `"127.0.0.1"`, which other machines cannot reach.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen({ host: "0.0.0.0" });
   * ```
   */
  host?: string;
}

/** An emulator that listens on a port. `await using` closes it at the end of the block. */
export interface Listener extends AsyncDisposable {
  /** The base URL for clients, e.g. `"http://localhost:8080"`. Its host is the domain of the instance. */
  readonly url: string;
  /** The TCP port that is in use. */
  readonly port: number;
  /**
   * Stops listening and closes all open connections.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen();
   * await listener.close();
   * ```
   */
  close(): Promise<void>;
}

/** An in-memory emulation of ZITADEL's identity-provider APIs. `await using` closes it at the end of the block. */
export interface Emulator extends AsyncDisposable {
  /** The base URL for clients that use `fetch` or `transport()` of this emulator. Nothing listens at this URL. */
  readonly url: string;
  /** The personal access token of the first service user that has one. */
  readonly token: string;
  /** The id of the first organization. */
  readonly orgId: string;
  /** The id of the instance. */
  readonly instanceId: string;
  /**
   * Listens on a port and serves gRPC, gRPC-web and REST there. Needs Node.js, Bun or Deno.
   *
   * Rejects with a TypeError if the emulated server rejects a provider of the seed, and with the system's error if the port is
   * taken.
   *
   * @example
   * ```ts
   * const emulator = createEmulator();
   * const { url } = await emulator.listen({ port: 8080 });
   * console.log(url, emulator.token);
   * ```
   */
  listen(options?: ListenOptions): Promise<Listener>;
  /**
   * Answers a request without a network, over gRPC-web or REST. Pass it as the `fetch` option of a client.
   *
   * @example
   * ```ts
   * const { url, fetch, token } = createEmulator();
   * const headers = { authorization: `Bearer ${token}` };
   * const response = await fetch(`${url}/management/v1/policies/login`, { headers });
   * ```
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Returns a Connect transport to this emulator that needs no network. Calls must carry a token of their own.
   *
   * @example
   * ```ts
   * const { transport, token } = createEmulator();
   * const client = createClient(ManagementService, transport());
   * await client.getLoginPolicy({}, { headers: { authorization: `Bearer ${token}` } });
   * ```
   */
  transport(): Transport;
  /**
   * The most recent requests, oldest first, without secrets and tokens. The array is always the same object.
   *
   * @example
   * ```ts
   * const { log } = createEmulator();
   * const writes = log.filter(({ rpc }) => rpc?.startsWith("Add"));
   * ```
   */
  readonly log: readonly LoggedRequest[];
  /**
   * Adds a rule that makes calls fail. If several rules match a call, the one that was injected first applies. Over `fetch` and
   * `transport()` a broken connection rejects the `fetch`.
   *
   * Throws a TypeError that names the invalid part of the rule.
   *
   * @example
   * ```ts
   * const emulator = createEmulator();
   * emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: { type: "drop", when: "after" } });
   * ```
   */
  inject(rule: FaultRule): InjectedFault;
  /**
   * Restores the state of the seed, with the same ids and tokens, and clears the log and all faults. Listeners stay open.
   *
   * @example
   * ```ts
   * const emulator = createEmulator();
   * emulator.reset(); // e.g. between two tests
   * ```
   */
  reset(): void;
  /**
   * Closes all listeners.
   *
   * @example
   * ```ts
   * const emulator = createEmulator();
   * await emulator.close();
   * ```
   */
  close(): Promise<void>;
}

/** One hour. */
const maxLagMs = 3_600_000;

/**
 * Creates an emulator, which holds its state in memory. It listens on a port only after a call of `listen`.
 *
 * Throws a TypeError that names the invalid option or the invalid part of the seed.
 *
 * @example
 * ```ts
 * const emulator = createEmulator({ seed: { organizations: [{ name: "Acme" }] } });
 * const { url } = await emulator.listen();
 * const zitadel = createIdpClient({ baseUrl: url, auth: emulator.token });
 * ```
 */
export function createEmulator({
  seed = {},
  lagMs = 0,
  logSize = 1000,
  onRequest,
}: EmulatorOptions = {}): Emulator {
  if (!isNumber(lagMs, 0, maxLagMs)) {
    throw new TypeError(`lagMs must be from 0 to ${maxLagMs}`);
  }
  if (!(Number.isInteger(logSize) && logSize >= 0)) {
    throw new TypeError("logSize must be a whole number, 0 or more");
  }
  if (onRequest !== undefined && typeof onRequest !== "function") {
    throw new TypeError("onRequest must be a function");
  }
  const createWorld = createWorlds(seed, lagMs);
  let world = createWorld();
  const { state } = world;
  const [token = ""] = state.tokens.keys();
  const [orgId = ""] = state.organizations.keys();
  const { domain } = state;
  const url = `http://${domain}`;

  const log = createRequestLog(logSize, onRequest);
  const faults = createFaultRules();
  const respond = createRespond(() => world, faults, log);
  const fetch = createFetch(respond);

  const listeners = new Set<Listener>();
  const close = async (): Promise<void> => {
    await Promise.all([...listeners].map((listener) => listener.close()));
  };

  return {
    url,
    token,
    orgId,
    instanceId: state.instance.id,
    async listen(options = {}) {
      // Import node:http2 here, so that the emulator also runs in runtimes without node:http2.
      const { listen } = await import("./listen.js");
      await world.state.ready;
      const listener = await listen(respond, domain, options);
      listeners.add(listener);
      return listener;
    },
    fetch,
    transport: () => createGrpcWebTransportOver(createFetchSend(fetch), { baseUrl: url }),
    log: log.entries,
    inject: faults.inject,
    reset() {
      world = createWorld();
      faults.clear();
      log.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
