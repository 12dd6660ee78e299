import { isPlainObject } from "../../utils/is-plain-object.js";
import { tryParseJson } from "../../utils/try-parse-json.js";
import type { FaultRule, InjectedFault } from "../faults/fault-rules.js";
import type { LoggedRequest } from "../log/request-log.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { WireRequest, WireResponse } from "../wire/http-message.js";
import { rejectForeignCaller } from "./reject-foreign-caller.js";

/** The parts of an emulator that the control API reads and changes. */
export interface ControlledEmulator {
  readonly state: () => EmulatorState;
  readonly log: readonly LoggedRequest[];
  clearLog(): void;
  inject(rule: FaultRule): InjectedFault;
  lagMs: number;
  reset(): void;
  /** Keeps the present state under a name. */
  saveSnapshot(name: string): void;
  /** Restores a state. Returns false if there is none of this name. */
  loadSnapshot(name: string): boolean;
  readonly snapshots: () => readonly string[];
}

/** The path under which the control API answers. */
const controlPath = "/_emulator";

type Reply = readonly [status: number, body: unknown];

/**
 * Creates the control API of an emulator: a small HTTP API under `/_emulator` that does for other languages and for curl what the
 * methods of `Emulator` do for JavaScript. It answers callers on this machine only, and no web page of another origin. Returns undefined
 * for all other paths.
 */
export function createControlApi(
  emulator: ControlledEmulator,
): (request: WireRequest) => WireResponse | undefined {
  const faults = new Map<string, { readonly rule: unknown; readonly injected: InjectedFault }>();
  let lastFault = 0;
  const routes = {
    "GET /": () => [200, describe(emulator)],
    "GET /log": () => [200, { requests: emulator.log }],
    "DELETE /log": () => [204, emulator.clearLog()],
    "GET /providers": () => [200, { providers: listProviders(emulator.state()) }],
    "GET /users": () => [200, { users: listUsers(emulator.state()) }],
    "GET /faults": () => [200, { faults: [...faults].map(describeFault) }],
    "POST /faults": ({ body }) => {
      const injected = emulator.inject(toFaultRule(body));
      const id = String(++lastFault);
      faults.set(id, { rule: body, injected });
      return [201, { id }];
    },
    "DELETE /faults": () => {
      faults.forEach(({ injected }) => injected.remove());
      faults.clear();
      return [204, undefined];
    },
    "DELETE /faults/:name": ({ name }) => {
      faults.get(name)?.injected.remove();
      return faults.delete(name) ? [204, undefined] : notFound("fault", name);
    },
    "PUT /lag": ({ body }) => {
      const ms = isPlainObject(body) ? body["ms"] : undefined;
      if (typeof ms !== "number") {
        throw new TypeError('the body must be JSON with a number of milliseconds: {"ms": 100}');
      }
      emulator.lagMs = ms;
      return [204, undefined];
    },
    "POST /reset": () => {
      faults.clear();
      return [204, emulator.reset()];
    },
    "GET /snapshots": () => [200, { snapshots: emulator.snapshots() }],
    "PUT /snapshots/:name": ({ name }) => [204, emulator.saveSnapshot(name)],
    "POST /snapshots/:name/load": ({ name }) =>
      emulator.loadSnapshot(name) ? [204, undefined] : notFound("snapshot", name),
  } satisfies Routes;
  return (request) => {
    const path = (request.target.split("?", 1)[0] ?? "").replace(/\/$/, "");
    if (path !== controlPath && !path.startsWith(`${controlPath}/`)) {
      return undefined;
    }
    const problem = rejectForeignCaller(request);
    return toResponse(
      problem === undefined
        ? answer(routes, request, path.slice(controlPath.length))
        : [403, { error: problem }],
    );
  };
}

interface ControlCall {
  readonly name: string;
  /** The body as JSON. Undefined without a body. */
  readonly body: unknown;
}

type Routes = Readonly<Record<string, (call: ControlCall) => readonly [number, unknown]>>;

function answer(routes: Routes, { method, body }: WireRequest, path: string): Reply {
  const [, resource = "", name, ...more] = path.split("/");
  const pattern = ["", resource, ...(name === undefined ? [] : [":name"]), ...more].join("/");
  const run = routes[`${method} ${pattern}`];
  if (run === undefined) {
    const known = Object.keys(routes).map((each) => each.replace(" /", ` ${controlPath}/`));
    return [
      404,
      { error: `there is no ${method} ${controlPath}${path}; there are ${known.join(", ")}` },
    ];
  }
  const text = new TextDecoder().decode(body);
  const json = text === "" ? undefined : tryParseJson(text);
  if (text !== "" && json === undefined) {
    return [400, { error: "the body is not JSON" }];
  }
  try {
    return run({ name: decodeURIComponent(name ?? ""), body: json });
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError || error instanceof SyntaxError) {
      return [400, { error: error.message }];
    }
    throw error;
  }
}

function toResponse([status, body]: Reply): WireResponse {
  return body === undefined
    ? { status, headers: [] }
    : {
        status,
        headers: [["content-type", "application/json"]],
        body: new TextEncoder().encode(`${JSON.stringify(body, null, 2)}\n`),
      };
}

function notFound(kind: string, name: string): Reply {
  return [404, { error: `there is no ${kind} ${JSON.stringify(name)}` }];
}

function describe({ state, log, lagMs }: ControlledEmulator): unknown {
  const { instance, organizations, domain } = state();
  return {
    instanceId: instance.id,
    domain,
    organizations: [...organizations.values()].map(({ id, name }) => ({ id, name })),
    requests: log.length,
    lagMs,
  };
}

function listProviders({ instance, organizations }: EmulatorState): unknown[] {
  return [instance, ...organizations.values()].flatMap(({ id: ownerId, providers, loginPolicy }) =>
    [...providers.values()].map(({ view: { id, name, config } }) => ({
      id,
      name,
      type: config?.config.case ?? "unknown",
      ownerId,
      active: loginPolicy?.links.has(id) ?? false,
    })),
  );
}

function listUsers({ accounts, humans }: EmulatorState): unknown[] {
  const services = [...accounts.byId.values()].map(
    ({ user: { id, name, organization, memberships } }) => ({
      id,
      type: "service",
      name,
      organization,
      roles: memberships.flatMap(({ roles }) => roles),
    }),
  );
  const people = [...humans.values()].map(({ id, organization, links }) => ({
    id,
    type: "human",
    organization,
    links: links.map(({ idpId, userId }) => ({ idpId, userId })),
  }));
  return [...services, ...people];
}

function describeFault([id, { rule, injected }]: readonly [
  string,
  { readonly rule: unknown; readonly injected: InjectedFault },
]): unknown {
  return { id, rule, hits: injected.hits };
}

/** Returns a rule from JSON, whose `rpc` and `path` are texts. `inject` checks the rest. */
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
