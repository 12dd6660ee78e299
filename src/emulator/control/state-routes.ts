import { isPlainObject } from "../../utils/is-plain-object.js";
import { servedMethods } from "../methods.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { ChangeSignal } from "./change-signal.js";
import type { ControlRoutes } from "./control-routes.js";
import type { ControlledEmulator } from "./controlled-emulator.js";

/** The time after which a wait for a change ends without one, so that no connection waits forever. */
const maxWaitMs = 20_000;

/**
 * Creates the routes for the emulator as a whole: its description, providers, users and RPCs, the lag, the reset, and the wait for a
 * change.
 */
export function createStateRoutes(
  emulator: ControlledEmulator,
  changes: ChangeSignal,
  countControlChanges: () => number,
  notifyControls: () => void,
): ControlRoutes {
  const readStateVersion = createStateVersionReader(() => emulator.instance().state);
  const readVersions = (): Record<string, string> => ({
    requests: String(emulator.log.version),
    state: readStateVersion(),
    controls: String(countControlChanges()),
  });
  return {
    "GET /": () => [200, describeEmulator(emulator)],
    "GET /providers": () => [200, { providers: listProviders(emulator.instance().state) }],
    "GET /users": () => [200, { users: listUsers(emulator.instance().state) }],
    "GET /rpcs": () => [200, { rpcs: listRpcs() }],
    "GET /changes": async ({ query, signal }) => {
      const known = Object.fromEntries(query);
      const isChanged = (): boolean =>
        Object.entries(readVersions()).some(([name, version]) => known[name] !== version);
      await changes.wait(isChanged, maxWaitMs, signal);
      return [200, readVersions()];
    },
    "PUT /lag": ({ body }) => {
      const ms = isPlainObject(body) ? body["ms"] : undefined;
      if (typeof ms !== "number") {
        throw new TypeError('the body must be JSON with a number of milliseconds: {"ms": 100}');
      }
      emulator.setLag(ms);
      notifyControls();
      return [204, undefined];
    },
    "POST /reset": () => {
      emulator.reset();
      notifyControls();
      return [204, undefined];
    },
  };
}

/** Creates a function that returns the version of the state, which changes with each write and with each replacement of the state. */
function createStateVersionReader(getState: () => EmulatorState): () => string {
  let last = getState();
  let generation = 0;
  return () => {
    const state = getState();
    if (state !== last) {
      last = state;
      generation++;
    }
    const { instance, organizations, humans } = state;
    const histories = [instance, ...organizations.values(), ...humans.values()];
    return `${generation}-${histories.reduce((sum, { sequence }) => sum + sequence, 0n)}`;
  };
}

function describeEmulator({ instance, log }: ControlledEmulator): unknown {
  const {
    state: { instance: owner, organizations, domain },
    lagMs,
  } = instance();
  return {
    instanceId: owner.id,
    domain,
    organizations: [...organizations.values()].map(({ id, name }) => ({ id, name })),
    requests: log.entries.length,
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
      memberships: memberships.map(({ owner, roles }) => ({ ownerId: owner, roles })),
    }),
  );
  const people = [...humans.values()].map(({ id, name, organization, links }) => ({
    id,
    type: "human",
    name,
    organization,
    links: links.map(({ idpId, userId, userName }) => ({ idpId, userId, userName })),
  }));
  return [...services, ...people];
}

/** Returns the names of all RPCs that the emulator serves, each once. */
function listRpcs(): string[] {
  const names = [...servedMethods.values()].flatMap((byName) => [...byName.keys()]);
  return [...new Set(names)].toSorted();
}
