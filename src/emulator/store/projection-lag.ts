import { clone } from "@bufbuild/protobuf";
import { AdminService } from "../../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../../gen/zitadel/management_pb.js";
import { LoginPolicySchema } from "../../../gen/zitadel/policy_pb.js";
import type { EmulatorState } from "./emulator-state.js";
import {
  type Change,
  createLaggingOwner,
  createLaggingRecords,
  type LaggingCopy,
} from "./lagging-copy.js";
import type { StoredLoginPolicy } from "./stored-provider.js";

/**
 * A source of stale reads.
 *
 * On the real server, some reads do not wait for their projection and see a write late. The emulator serves these reads from a copy of
 * the state that gets each change after a delay.
 */
export interface ProjectionLag {
  /** Returns the state for an RPC ("service/method"): the delayed copy for a lagging read, otherwise the true state. */
  stateFor(rpc: string): EmulatorState;
  /** Detects the writes since the last call and schedules them. Lagging reads see these writes after the delay. */
  scheduleChanges(): void;
}

/** The part of the state that a lagging read sees late. */
type StalePart = "all" | "all but policies";

/**
 * The reads that lag behind writes, and the part of the state that they see late.
 *
 * In measurements of the real server these reads missed 3 to 25 percent of writes on the first attempt; all other reads never
 * missed one. Links of a login policy show at once: only a deleted provider lingers among them.
 */
const laggingReads: Readonly<Record<string, StalePart>> = {
  [`${ManagementService.typeName}/ListProviders`]: "all but policies",
  [`${ManagementService.typeName}/ListOrgIDPs`]: "all but policies",
  [`${ManagementService.typeName}/ListLoginPolicyIDPs`]: "all but policies",
  [`${ManagementService.typeName}/ListHumanLinkedIDPs`]: "all but policies",
  [`${ManagementService.typeName}/GetDefaultLoginPolicy`]: "all",
  [`${AdminService.typeName}/ListProviders`]: "all but policies",
  [`${AdminService.typeName}/ListIDPs`]: "all but policies",
  [`${AdminService.typeName}/ListLoginPolicyIDPs`]: "all but policies",
  [`${AdminService.typeName}/GetLoginPolicy`]: "all",
};

/** Creates the delayed copy of a state. With a lag of 0 all reads see the true state. */
export function createProjectionLag(state: EmulatorState, lagMs: number): ProjectionLag {
  if (lagMs === 0) {
    return { stateFor: () => state, scheduleChanges: () => undefined };
  }
  const delayed = createDelayedStates(state);
  // The seed is not a recent write, so every read shows it at once.
  applyAll(delayed.collectChanges());
  void state.ready?.then(
    () => applyAll(delayed.collectChanges()),
    () => undefined,
  );
  const scheduled: { dueMs: number; changes: readonly Change[] }[] = [];
  return {
    stateFor(rpc) {
      while (scheduled[0] !== undefined && scheduled[0].dueMs <= performance.now()) {
        applyAll(scheduled.shift()?.changes ?? []);
      }
      const stalePart = laggingReads[rpc];
      return stalePart === undefined ? state : delayed.states[stalePart];
    },
    scheduleChanges() {
      const changes = delayed.collectChanges();
      if (changes.length > 0) {
        scheduled.push({ dueMs: performance.now() + lagMs, changes });
      }
    },
  };
}

function applyAll(changes: readonly Change[]): void {
  changes.forEach((change) => change());
}

interface DelayedStates {
  /** The delayed states, by the part of them that is stale. */
  readonly states: Readonly<Record<StalePart, EmulatorState>>;
  collectChanges(): Change[];
}

function createDelayedStates(state: EmulatorState): DelayedStates {
  const owners = [state.instance, ...state.organizations.values()].map(createLaggingOwner);
  const [instance, ...organizations] = owners.map(({ copy }) => copy);
  const policies = createLaggingDefaultPolicy(state);
  const humans = createLaggingRecords(
    () => state.humans,
    ({ sequence }) => sequence,
    (human) => ({ ...human, links: [...human.links] }),
  );
  const allButPolicies: EmulatorState = {
    ...state,
    instance: instance ?? state.instance,
    organizations: new Map(organizations.map((owner) => [owner.id, owner])),
    humans: humans.copy,
  };
  const all: EmulatorState = {
    ...allButPolicies,
    instance: {
      ...allButPolicies.instance,
      get loginPolicy() {
        return policies.copy.get("");
      },
    },
  };
  return {
    states: { all, "all but policies": allButPolicies },
    collectChanges: () =>
      [...owners, policies, humans].flatMap((lagging) => lagging.collectChanges()),
  };
}

/** Creates a lagging copy of the default login policy, under the id "". */
function createLaggingDefaultPolicy({
  instance,
}: EmulatorState): LaggingCopy<Map<string, StoredLoginPolicy | undefined>> {
  return createLaggingRecords(
    () => new Map([["", instance.loginPolicy]]),
    (policy) => `${policy?.view.details?.sequence} ${[...(policy?.links ?? [])].join()}`,
    (policy) =>
      policy && { view: clone(LoginPolicySchema, policy.view), links: new Set(policy.links) },
  );
}
