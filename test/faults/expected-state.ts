import { IDPState } from "zitadel-idp/idp";
import type { EmulatorState } from "../../src/emulator/store/emulator-state.js";
import { legacyRequests } from "../support/add-requests.js";
import type { WorkerSpec } from "./emulator-seed.js";
import type { HumanUser } from "../../src/emulator/store/human-user.js";
import type { StoredOwner } from "../../src/emulator/store/stored-owner.js";

/** The service of a call, and with it the owner of its objects: the worker's organization, or the instance. */
export type Level = "management" | "admin";

/** An object that a worker created, as the store had it after the worker's last write. */
export interface ExpectedObject {
  readonly id: string;
  readonly level: Level;
  readonly family: "provider" | "legacy";
  /** The key of the request that adds it. A migration changes it. */
  type: string;
  /** A line with every field that the worker can change. */
  content: string;
  changedMs: number;
}

/** The state that the store should have after all reported outcomes of one worker. No other worker changes its objects. */
export interface ExpectedState {
  readonly spec: WorkerSpec;
  readonly objects: Map<string, ExpectedObject>;
  readonly human: HumanUser;
  /** The time of the last change to the login policy or its links. Lists show a change after the lag. */
  policyChangedMs: number;
  humanChangedMs: number;
  /** The organization's own login policy, and its links. */
  policy: string;
  /** The providers that the worker linked to the default login policy. */
  readonly instanceLinks: Set<string>;
  instancePolicy: string;
  owner(level: Level): StoredOwner;
}

export function createExpectedState(spec: WorkerSpec, state: EmulatorState): ExpectedState {
  const organization = state.organizations.get(spec.orgId);
  const human = state.humans.get(spec.humanId);
  if (organization === undefined || human === undefined) {
    throw new Error(`the emulator's seed has no organization or human for worker ${spec.name}`);
  }
  return {
    spec,
    objects: new Map(),
    human,
    policyChangedMs: 0,
    humanChangedMs: 0,
    policy: describePolicyAndLinks(organization),
    instanceLinks: new Set(),
    instancePolicy: describeLoginPolicy(state.instance),
    owner: (level) => (level === "admin" ? state.instance : organization),
  };
}

/** Returns one line about the object that the store has under an id. Returns undefined if there is none. */
function describeStored(
  owner: StoredOwner,
  family: ExpectedObject["family"],
  id: string,
): string | undefined {
  if (family === "legacy") {
    const idp = owner.legacy.get(id)?.view;
    const { clientId, headerName } = (idp?.config.value ?? {}) as Record<string, unknown>;
    return (
      idp &&
      [idp.name, IDPState[idp.state], idp.config.case, clientId ?? headerName].map(String).join(" ")
    );
  }
  const view = owner.providers.get(id)?.view;
  const { clientId } = (view?.config?.config.value ?? {}) as Record<string, unknown>;
  return view && [view.name, view.config?.config.case, clientId].map(String).join(" ");
}

export function describeLoginPolicy({ loginPolicy }: StoredOwner): string {
  return loginPolicy === undefined ? "none" : `own ${loginPolicy.view.defaultRedirectUri}`;
}

export function describePolicyAndLinks(owner: StoredOwner): string {
  return [describeLoginPolicy(owner), ...(owner.loginPolicy?.links ?? [])].join(" ");
}

/** Sets the expected content of one object to the content in the store, after a write of its worker was checked. */
export function expectStored(
  expected: ExpectedState,
  { id, level, family, type }: ExpectedObject,
): void {
  const content = describeStored(expected.owner(level), family, id);
  const known = expected.objects.get(id);
  if (content === undefined) {
    expected.objects.delete(id);
    // RemoveOrgIDP also removes the link on the organization's login policy.
    expected.policy = describePolicyAndLinks(expected.owner("management"));
    expected.policyChangedMs = performance.now();
  } else if (known === undefined) {
    expected.objects.set(id, { id, level, family, type, content, changedMs: performance.now() });
  } else {
    Object.assign(known, { content, type, changedMs: performance.now() });
  }
}

/** Returns the differences between the store and the expected states of all workers, at the end of a campaign. */
export function findStateMismatches(
  states: readonly ExpectedState[],
  store: EmulatorState,
): string[] {
  const problems: string[] = [];
  const compare = (
    name: string,
    expected: string | undefined,
    actual: string | undefined,
  ): void => {
    if (expected !== actual) {
      problems.push(`${name}: expected "${expected}", but the store has "${actual}"`);
    }
  };
  for (const { spec, objects, policy, instancePolicy, owner } of states) {
    for (const { id, level, family, content } of objects.values()) {
      compare(`${family} ${id} of ${spec.name}`, content, describeStored(owner(level), family, id));
    }
    compare(`login policy of ${spec.name}`, policy, describePolicyAndLinks(owner("management")));
    if (spec.ownsInstancePolicy) {
      compare("default login policy", instancePolicy, describeLoginPolicy(store.instance));
    }
  }
  const links = states.flatMap(({ instanceLinks }) => [...instanceLinks]).toSorted();
  const storedLinks = [...(store.instance.loginPolicy?.links ?? [])].toSorted();
  compare("links of the default login policy", links.join(), storedLinks.join());
  return [...problems, ...findUnexpectedObjects(states, store)];
}

/** Returns one problem for each object of the instance or of a worker's organization that no worker expects. */
function findUnexpectedObjects(states: readonly ExpectedState[], store: EmulatorState): string[] {
  const expectedIds = new Set(states.flatMap(({ objects }) => [...objects.keys()]));
  const orgIds = new Set(states.map(({ spec }) => spec.orgId));
  const organizations = [...store.organizations.values()].filter(({ id }) => orgIds.has(id));
  return [store.instance, ...organizations].flatMap(({ id: ownerId, providers, legacy }) =>
    [...new Set([...providers.keys(), ...legacy.keys()])]
      .filter((id) => !expectedIds.has(id))
      .map((id) => `no worker expects ${id} of ${ownerId}`),
  );
}

export const legacyTypes: readonly string[] = Object.keys(legacyRequests);
