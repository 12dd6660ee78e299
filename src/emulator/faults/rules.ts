import { isNumber, longestTimerMs } from "../../check-number.js";
import { methods } from "../methods.js";
import type { WireProtocol } from "../wire/protocol.js";
import type { Fault } from "./fault.js";

/** Which calls a fault strikes. All conditions that are given must hold; without any, every call of an RPC. */
export interface FaultRule {
  /**
   * The RPC: its name, on both services (`"ListProviders"`); with its service (`"zitadel.admin.v1.AdminService/ListProviders"`);
   * or a pattern for the latter (`/AdminService\/(Add|Update)/`).
   */
  rpc?: string | RegExp;
  /**
   * Strikes requests that are no calls of an RPC, by their path without a query: `"/oauth/v2/token"`. Cannot stand beside `rpc`,
   * nor with faults that are errors of an RPC.
   */
  path?: string | RegExp;
  protocol?: "grpc" | "grpc-web" | "json";
  /** How many calls it strikes; then the rule is gone. Default: all, until it is removed. */
  times?: number;
  /** The share of the matching calls that it strikes, from 0 to 1, by a random sequence that is always the same. Default: 1. */
  probability?: number;
  fault: Fault;
}

/** A rule at work. With `using` it ends with its block. */
export interface InjectedFault extends Disposable {
  /** How many calls it has struck. */
  readonly hits: number;
  /** Ends it. */
  remove(): void;
}

/** A request that a rule may strike. */
export interface Target {
  readonly protocol: WireProtocol;
  /** "service/method", if it is a call of an RPC. */
  readonly rpc?: string;
  readonly path: string;
}

/** The rules of an emulator. */
export interface FaultRules {
  inject(rule: FaultRule): InjectedFault;
  /** The fault that strikes: of the first rule that matches, in the order of injection. */
  take(target: Target): Fault | undefined;
  clear(): void;
}

export function createFaultRules(): FaultRules {
  const active = new Set<{ rule: FaultRule; hits: number }>();
  let random = createRandom();
  return {
    inject(rule) {
      check(rule);
      const entry = { rule: { ...rule, fault: { ...rule.fault } }, hits: 0 };
      active.add(entry);
      const remove = (): void => void active.delete(entry);
      return {
        get hits() {
          return entry.hits;
        },
        remove,
        [Symbol.dispose]: remove,
      };
    },
    take(target) {
      for (const entry of active) {
        const { probability = 1, times = Number.POSITIVE_INFINITY, fault } = entry.rule;
        if (matches(entry.rule, target) && (probability >= 1 || random() < probability)) {
          entry.hits++;
          if (entry.hits >= times) {
            active.delete(entry);
          }
          return fault;
        }
      }
      return undefined;
    },
    clear() {
      active.clear();
      random = createRandom();
    },
  };
}

function matches({ rpc, path, protocol }: FaultRule, target: Target): boolean {
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
  // search() takes no notice of where a global pattern stopped before.
  return typeof pattern === "string" ? pattern === text : text.search(pattern) >= 0;
}

const rpcErrors: readonly Fault["type"][] = ["status", "expired-deadline", "stale-token"];

function check({ rpc, path, times, probability, fault }: FaultRule): void {
  if (typeof rpc === "string" && !isRpc(rpc)) {
    throw new TypeError(`rpc: there is no RPC ${rpc}`);
  }
  if (rpc !== undefined && path !== undefined) {
    throw new TypeError("rpc and path cannot stand in one rule: path is for what is no RPC");
  }
  if (path !== undefined && rpcErrors.includes(fault.type)) {
    throw new TypeError(`path: the fault ${fault.type} is an error of an RPC; use http`);
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

function isRpc(name: string): boolean {
  return [...methods].some(([service, byName]) =>
    [...byName.keys()].some((method) => name === method || name === `${service}/${method}`),
  );
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
