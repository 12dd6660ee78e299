/// <reference lib="esnext.disposable" preserve="true" />
import type { Transport } from "@connectrpc/connect";
import { isNumber } from "../check-number.js";
import { createGrpcWebTransport } from "../transport/grpc-web.js";
import { createFaultRules, type FaultRule, type InjectedFault } from "./faults/rules.js";
import { createFetch } from "./fetch.js";
import { createRequestLog, type LoggedRequest } from "./log/request-log.js";
import { createRespond } from "./respond.js";
import type { EmulatorSeed } from "./seed.js";
import { createWorlds } from "./worlds.js";

/** What `createEmulator` takes. */
export interface EmulatorOptions {
  /** The state to start with. Default: one organization, and one service user who may do everything. */
  seed?: EmulatorSeed;
  /**
   * How late lists and the default login policy show a write, in milliseconds: ListProviders, ListIDPs, ListOrgIDPs,
   * ListLoginPolicyIDPs (a deleted provider lingers), ListHumanLinkedIDPs, GetDefaultLoginPolicy and the GetLoginPolicy of the
   * AdminService. Of a real server these trail by some milliseconds, now and then by a hundred; everything else shows a
   * write at once, and so do all with 0, the default.
   */
  lagMs?: number;
  /** How many requests `log` keeps. Default: 1000. */
  logSize?: number;
  /** Called for each request when it is in `log`, before the client has its answer. Its failures are ignored. */
  onRequest?: (request: LoggedRequest) => void;
}

/** Where to listen. */
export interface ListenOptions {
  /** The TCP port. Default: 0, any that is free. */
  port?: number;
  /** The address. Default: `"127.0.0.1"`, so that no other machine can reach it. */
  host?: string;
}

/** A listening emulator. */
export interface Listener extends AsyncDisposable {
  /** The base URL for clients, e.g. `"http://localhost:8080"`. Its host is the instance's domain. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** ZITADEL's identity-provider APIs, emulated in memory. */
export interface Emulator extends AsyncDisposable {
  /** The base URL for clients that use `fetch` or `transport()` of this emulator; nothing listens there. */
  readonly url: string;
  /** The personal access token of the first service user that has one. */
  readonly token: string;
  /** The id of the first organization. */
  readonly orgId: string;
  readonly instanceId: string;
  /** Listens on a port: gRPC, gRPC-web and REST on the same one. Needs Node.js, Bun or Deno. */
  listen(options?: ListenOptions): Promise<Listener>;
  /** Answers a request without a network, over gRPC-web or REST. A drop-in for the `fetch` option of a client. */
  readonly fetch: typeof globalThis.fetch;
  /** A Connect transport to this emulator without a network. Calls need a token of their own. */
  transport(): Transport;
  /** The newest requests, oldest first; secrets and tokens are not in it. The array is always the same one. */
  readonly log: readonly LoggedRequest[];
  /**
   * Makes calls fail by a rule. Where there are several, the first that matches strikes, in the order of injection. Over
   * `fetch` and `transport()` a broken connection is a rejected `fetch`.
   *
   * Throws a TypeError that names the part of the rule that is wrong.
   */
  inject(rule: FaultRule): InjectedFault;
  /** Goes back to the seed, with the same ids and tokens, and clears the log and all faults. Listeners stay. */
  reset(): void;
  /** Closes all listeners. */
  close(): Promise<void>;
}

/** An hour. */
const maxLagMs = 3_600_000;

/**
 * Makes an emulator. It holds its state in memory and listens nowhere until told to.
 *
 * Throws a TypeError that names the option, or the part of the seed, that is wrong.
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
      // Loaded here, so that the emulator itself runs where there is no node:http2.
      const { listen } = await import("./listen.js");
      await world.state.ready;
      const listener = await listen(respond, domain, options);
      listeners.add(listener);
      return listener;
    },
    fetch,
    transport: () => createGrpcWebTransport({ baseUrl: url, fetch }),
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
