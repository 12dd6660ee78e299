import { isNumber, longestTimerMs } from "../../utils/check-number.js";
import { servedMethods } from "../methods.js";
import type { RequestProtocol } from "../wire/detect-protocol.js";
import type { Fault } from "./fault.js";

/**
 * A rule that selects calls and makes them fail. A call must meet every condition of the rule; a rule without conditions selects
 * every call of an RPC.
 *
 * @example
 * ```ts
 * const rule: FaultRule = { rpc: /\/Add/, protocol: "grpc", times: 3, fault: { type: "reset" } };
 * ```
 */
export interface FaultRule {
  /**
   * The RPC, in one of three forms: a name on both services (`"ListProviders"`), a name with its service
   * (`"zitadel.admin.v1.AdminService/ListProviders"`), or a pattern for the latter (`/AdminService\/(Add|Update)/`).
   *
   * @example
   * ```ts
   * const rule: FaultRule = { rpc: "ListProviders", fault: { type: "drop" } };
   * ```
   */
  rpc?: string | RegExp | undefined;
  /**
   * The path, without a query, of requests that are not calls of an RPC: `"/oauth/v2/token"`. Cannot be combined with `rpc` or
   * with a fault that is an error of an RPC.
   *
   * @example
   * ```ts
   * const rule: FaultRule = { path: /^\/oauth\//, fault: { type: "delay", ms: 500 } };
   * ```
   */
  path?: string | RegExp | undefined;
  /**
   * The wire protocol. Default: all three.
   *
   * @example
   * ```ts
   * const rule: FaultRule = { protocol: "json", fault: { type: "reset" } };
   * ```
   */
  protocol?: "grpc" | "grpc-web" | "json" | undefined;
  /**
   * The number of calls that the rule makes fail before it is removed. Default: no limit.
   *
   * @example
   * ```ts
   * const rule: FaultRule = { times: 2, fault: { type: "drop" } };
   * ```
   */
  times?: number | undefined;
  /**
   * The share of matching calls that fail, from 0 to 1. The random sequence is the same for every emulator. Default: 1.
   *
   * @example
   * ```ts
   * const rule: FaultRule = { probability: 0.1, fault: { type: "drop" } };
   * ```
   */
  probability?: number | undefined;
  /**
   * The failure.
   *
   * @example
   * ```ts
   * const rule: FaultRule = { fault: { type: "truncate", bytes: 10, end: "clean" } };
   * ```
   */
  fault: Fault;
}

/** An active rule. `using` removes it at the end of the block. */
export interface InjectedFault extends Disposable {
  /**
   * The number of calls that the rule has made fail.
   *
   * @example
   * ```ts
   * const fault = createEmulator().inject({ rpc: "ListProviders", fault: { type: "drop" } });
   * console.log(fault.hits); // 0
   * ```
   */
  readonly hits: number;
  /**
   * Removes the rule.
   *
   * @example
   * ```ts
   * const fault = createEmulator().inject({ fault: { type: "drop" } });
   * fault.remove();
   * ```
   */
  remove(): void;
}

/** The properties of a request by which rules select it. */
interface FaultTarget {
  readonly protocol: RequestProtocol;
  /** The RPC as "service/method". `undefined` for other requests. */
  readonly rpc?: string | undefined;
  readonly path: string;
}

/** An injected rule with its number, which no other rule of the emulator has. */
export interface NumberedFault extends InjectedFault {
  readonly id: string;
  readonly rule: FaultRule;
}

/** The active rules of an emulator. */
export class FaultRules {
  readonly #active = new Set<NumberedFault & { hits: number }>();
  #random = createRandom();
  #lastId = 0;
  #watcher: ((isCleared: boolean) => void) | undefined;

  /** The rules that still apply, in the order of injection. */
  get active(): ReadonlySet<NumberedFault> {
    return this.#active;
  }

  /** Adds a rule. Throws a TypeError that names its invalid part. */
  inject(rule: FaultRule): NumberedFault {
    checkFaultRule(rule);
    const remove = (): void => {
      this.#active.delete(injected);
      this.#watcher?.(false);
    };
    const injected = {
      id: String(++this.#lastId),
      rule: { ...rule, fault: { ...rule.fault } },
      hits: 0,
      remove,
      [Symbol.dispose]: remove,
    };
    this.#active.add(injected);
    this.#watcher?.(false);
    return injected;
  }

  /** Returns the fault of the first rule that matches, in the order of injection, and counts the hit. */
  take(target: FaultTarget): Fault | undefined {
    for (const entry of this.#active) {
      const { probability = 1, times = Number.POSITIVE_INFINITY, fault } = entry.rule;
      if (matches(entry.rule, target) && (probability >= 1 || this.#random() < probability)) {
        entry.hits++;
        if (entry.hits >= times) {
          this.#active.delete(entry);
        }
        return fault;
      }
    }
    return undefined;
  }

  clear(): void {
    this.#active.clear();
    this.#random = createRandom();
    this.#watcher?.(true);
  }

  /** Calls a function after each injection and removal, with true after `clear`. A second watcher replaces the first. */
  watch(watcher: (isCleared: boolean) => void): void {
    this.#watcher = watcher;
  }
}

function matches({ rpc, path, protocol }: FaultRule, target: FaultTarget): boolean {
  if (protocol !== undefined && protocol !== target.protocol) {
    return false;
  }
  if (target.rpc === undefined) {
    return path !== undefined && matchesText(path, target.path);
  }
  return (
    path === undefined &&
    (rpc === undefined ||
      matchesText(rpc, target.rpc) ||
      rpc === target.rpc.slice(target.rpc.indexOf("/") + 1))
  );
}

function matchesText(pattern: string | RegExp, text: string): boolean {
  // `search()` ignores the `lastIndex` of a global pattern.
  return typeof pattern === "string" ? pattern === text : text.search(pattern) >= 0;
}

const rpcErrors: readonly Fault["type"][] = ["status", "expired-deadline", "stale-token"];

/** All types of faults. */
const faultTypes: Readonly<Record<Fault["type"], true>> = {
  delay: true,
  drop: true,
  "expired-deadline": true,
  goaway: true,
  http: true,
  "refused-stream": true,
  reset: true,
  "stale-token": true,
  status: true,
  truncate: true,
};

function checkFaultRule({ rpc, path, times, probability, fault }: FaultRule): void {
  if (!Object.hasOwn(faultTypes, fault.type)) {
    throw new TypeError(`type must be one of ${Object.keys(faultTypes).join(", ")}`);
  }
  if (typeof rpc === "string" && !isEmulatedRpc(rpc)) {
    throw new TypeError(`rpc: there is no RPC ${rpc}`);
  }
  if (rpc !== undefined && path !== undefined) {
    throw new TypeError(
      "rpc and path cannot be combined: path is for requests that are not calls of an RPC",
    );
  }
  if (path !== undefined && rpcErrors.includes(fault.type)) {
    throw new TypeError(`path: the fault ${fault.type} is an error of an RPC; use the fault http`);
  }
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw new TypeError("times must be a whole number above 0");
  }
  if (probability !== undefined && !isNumber(probability, 0, 1)) {
    throw new TypeError("probability must be from 0 to 1");
  }
  if (fault.type === "http" && !isNumber(fault.status, 200, 599)) {
    throw new TypeError("status must be from 200 to 599");
  }
  if (fault.type === "delay" && !isNumber(fault.ms, 0, longestTimerMs)) {
    throw new TypeError("ms must be from 0 to 2147483647");
  }
  if (fault.type === "truncate" && !isNumber(fault.bytes ?? 0, 0, Number.POSITIVE_INFINITY)) {
    throw new TypeError("bytes must not be negative");
  }
}

function isEmulatedRpc(name: string): boolean {
  return [...servedMethods].some(([service, byName]) =>
    [...byName.keys()].some((method) => name === method || name === `${service}/${method}`),
  );
}

/** Creates a generator of numbers from 0 to 1 that always returns the same sequence (mulberry32). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
