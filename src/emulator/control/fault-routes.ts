import { isPlainObject } from "../../utils/is-plain-object.js";
import type { FaultRule, FaultRules, NumberedFault } from "../faults/fault-rules.js";
import { type ControlRoutes, replyNotFound } from "./control-routes.js";

/**
 * Creates the routes for faults. They list every fault that the control API injected, even if it is switched off or used up, and the
 * active faults that the program injected.
 */
export function createFaultRoutes(faults: FaultRules, notifyControls: () => void): ControlRoutes {
  const injectedHere = new Map<string, NumberedFault>();
  const list = (): Map<string, NumberedFault> => {
    const known = new Set(injectedHere.values());
    const ofProgram = [...faults.active].filter((fault) => !known.has(fault));
    return new Map([...injectedHere, ...ofProgram.map((fault) => [fault.id, fault] as const)]);
  };
  const describe = ([id, fault]: readonly [string, NumberedFault]): unknown => ({
    id,
    rule: toJsonRule(fault.rule),
    hits: fault.hits,
    on: faults.active.has(fault),
  });
  const keep = (id: string, fault: NumberedFault): void => {
    injectedHere.set(id, fault);
    notifyControls();
  };
  faults.watch((isCleared) => {
    if (isCleared) {
      injectedHere.clear();
    }
    notifyControls();
  });
  return {
    "GET /faults": () => [200, { faults: [...list()].map(describe) }],
    "POST /faults": ({ body }) => {
      const fault = faults.inject(toFaultRule(body));
      keep(fault.id, fault);
      return [201, { id: fault.id }];
    },
    "PATCH /faults/:name": ({ name, body }) => {
      const isOn = readSwitch(body);
      const fault = list().get(name);
      if (fault === undefined) {
        return replyNotFound("fault", name);
      }
      keep(name, switchFault(faults, fault, isOn));
      return [204, undefined];
    },
    "DELETE /faults": () => {
      faults.clear();
      return [204, undefined];
    },
    "DELETE /faults/:name": ({ name }) => {
      const fault = list().get(name);
      if (fault === undefined) {
        return replyNotFound("fault", name);
      }
      fault.remove();
      injectedHere.delete(name);
      notifyControls();
      return [204, undefined];
    },
  };
}

/** Returns the state that a JSON body asks for: true for on. */
function readSwitch(body: unknown): boolean {
  const isOn = isPlainObject(body) ? body["on"] : undefined;
  if (typeof isOn !== "boolean") {
    throw new TypeError('the body must be JSON with the boolean "on": {"on": false}');
  }
  return isOn;
}

/** Switches a fault on or off. Returns the fault that has its rule now: switching it on again injects a new one. */
function switchFault(faults: FaultRules, fault: NumberedFault, isOn: boolean): NumberedFault {
  if (!isOn) {
    fault.remove();
    return fault;
  }
  return faults.active.has(fault) ? fault : faults.inject(fault.rule);
}

/** Returns a rule in its JSON form, in which patterns are texts. */
function toJsonRule({ rpc, path, ...rule }: FaultRule): unknown {
  return {
    ...(rpc !== undefined && { rpc: String(rpc) }),
    ...(path !== undefined && { path: String(path) }),
    ...rule,
  };
}

/** Returns the rule in a JSON body. Checks only that `rpc` and `path` are texts: `inject` checks the rest. */
function toFaultRule(body: unknown): FaultRule {
  if (!isPlainObject(body) || !isPlainObject(body["fault"])) {
    throw new TypeError(
      'the body must be JSON with a fault: {"rpc": "ListProviders", "fault": {"type": "drop"}}',
    );
  }
  for (const name of ["rpc", "path"]) {
    if (body[name] !== undefined && typeof body[name] !== "string") {
      throw new TypeError(
        `${name} must be a text; without rpc and path, the rule is for every RPC`,
      );
    }
  }
  return body as unknown as FaultRule;
}
