/// <reference lib="esnext.disposable" preserve="true" />
/*
 * The path of a request through the emulator:
 *
 * 1. `listen.ts` accepts the connection. `http/http1-server.ts` or `http/http2-server.ts` reads the request. Requests of
 *    `Emulator.fetch` and `Emulator.transport` come from `in-process-fetch.ts` instead.
 * 2. `create-request-handler.ts` applies faults (`faults/`) and adds the request to the log (`log/`).
 * 3. `wire/route-request.ts` passes the request to an endpoint (`oauth/`, `saml/`, `sign-in/`), to CORS, or to its wire protocol,
 *    which decodes the call.
 * 4. `handle-call.ts` checks the deadline, the host, the token, the permission and the request. Then it runs the handler that
 *    `rpc/find-rpc-handler.ts` finds.
 * 5. The handler in `rpc/` reads and changes the state in `store/`, which `seed/` created.
 * 6. The wire protocol encodes the response, and the server of step 1 sends it.
 */
import type { Transport } from "@connectrpc/connect";
import { createGrpcWebTransportOver } from "../transport/grpc-web.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import { isNumber } from "../utils/check-number.js";
import type { ControlApi } from "./control/control-api.js";
import type { ControlledEmulator } from "./control/controlled-emulator.js";
import { takeSnapshot } from "./control/state-snapshot.js";
import { createInstanceFactory, withLag, withState } from "./emulator-instance.js";
import type { EmulatorOptions } from "./emulator-options.js";
import { type FaultRule, FaultRules, type InjectedFault } from "./faults/fault-rules.js";
import type { EmulatorState } from "./store/emulator-state.js";
import { createRequestHandler } from "./create-request-handler.js";
import type { RequestHandler } from "./http/request-handler.js";
import { createInProcessFetch } from "./in-process-fetch.js";
import type { Listener, ListenOptions } from "./listener.js";
import { type LoggedRequest, RequestLog } from "./log/request-log.js";
import { maxLagMs } from "./max-lag-ms.js";
import { hasValidTokens } from "./store/accounts.js";

/** An in-memory emulation of ZITADEL's identity-provider APIs. `await using` closes it at the end of the block. */
export interface Emulator extends AsyncDisposable {
  /** The base URL for clients that use `fetch` or `transport()` of this emulator. Nothing listens at this URL. */
  readonly url: string;
  /** The personal access token of the first service user that has a valid one. */
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
  checkEmulatorOptions(lagMs, logSize, onRequest);
  const createInstance = createInstanceFactory(seed, lagMs);
  let instance = createInstance();
  const { state } = instance;
  const { domain } = state;
  const url = `http://${domain}`;

  const log = new RequestLog(logSize, onRequest);
  const faults = new FaultRules();
  const handleRequest = createRequestHandler(() => instance, faults, log);
  const fetch = createInProcessFetch(handleRequest);

  const listeners = new Set<Listener>();
  const close = async (): Promise<void> => {
    await Promise.all([...listeners].map((listener) => listener.close()));
  };
  const reset = (): void => {
    instance = createInstance();
    faults.clear();
    log.clear();
  };
  const openControl = createControlOpener({
    instance: () => instance,
    log,
    faults,
    setLag(ms) {
      checkLag(ms);
      instance = withLag(instance, ms);
    },
    reset,
    loadSnapshot: (snapshot) => void (instance = withState(instance, takeSnapshot(snapshot))),
  });

  return {
    url,
    ...describeSeed(state),
    async listen(options = {}) {
      // Import node:http2 here, so that the emulator also runs in runtimes without node:http2.
      const { listen } = await import("./listen.js");
      await instance.state.ready;
      const handler =
        options.control || options.ui
          ? await openControl(handleRequest, options.ui)
          : handleRequest;
      const listener = await listen(handler, domain, options);
      listeners.add(listener);
      return listener;
    },
    fetch,
    transport: () => createGrpcWebTransportOver(createFetchSend(fetch), { baseUrl: url }),
    log: log.entries,
    inject: (rule) => faults.inject(rule),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Returns a valid token of the seed, and the ids of its first organization and of the instance. */
function describeSeed(state: EmulatorState): Pick<Emulator, "token" | "orgId" | "instanceId"> {
  const [token = ""] =
    [...state.tokens].find(([, user]) => hasValidTokens(state.accounts, user)) ?? [];
  const [orgId = ""] = state.organizations.keys();
  return { token, orgId, instanceId: state.instance.id };
}

/**
 * Creates a function that puts the control API, and with `ui` the page, in front of a request handler. All listeners share one control
 * API, which is loaded on first use.
 */
function createControlOpener(
  controlled: ControlledEmulator,
): (handleRequest: RequestHandler, ui: boolean | undefined) => Promise<RequestHandler> {
  let opened: Promise<ControlApi> | undefined;
  const open = async (): Promise<ControlApi> => {
    // Load the control API on demand: most emulators have none.
    const { createControlApi } = await import("./control/control-api.js");
    return createControlApi(controlled);
  };
  return async (handleRequest, ui) => {
    // Load the page on demand: only an emulator with a page reads it, from node:fs.
    const page = ui
      ? await (await import("./control/read-page-files.js")).readPageFiles()
      : undefined;
    opened ??= open();
    const control = await opened;
    return async (request, signal) =>
      await (control(request, signal, page) ?? handleRequest(request, signal));
  };
}

function checkLag(lagMs: number): void {
  if (!isNumber(lagMs, 0, maxLagMs)) {
    throw new TypeError(`lagMs must be from 0 to ${maxLagMs}`);
  }
}

function checkEmulatorOptions(
  lagMs: number,
  logSize: number,
  onRequest: EmulatorOptions["onRequest"],
): void {
  checkLag(lagMs);
  if (!(Number.isInteger(logSize) && logSize >= 0)) {
    throw new TypeError("logSize must be a whole number, 0 or more");
  }
  if (onRequest !== undefined && typeof onRequest !== "function") {
    throw new TypeError("onRequest must be a function");
  }
}
