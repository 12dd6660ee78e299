import { clone } from "@bufbuild/protobuf";
import { AdminService } from "../../../gen/zitadel/admin_pb.js";
import { IDPSchema, ProviderSchema } from "../../../gen/zitadel/idp_pb.js";
import { ManagementService } from "../../../gen/zitadel/management_pb.js";
import { LoginPolicySchema } from "../../../gen/zitadel/policy_pb.js";
import type { EmulatorState } from "./emulator-state.js";
import type { StoredOwner } from "./stored-owner.js";

/**
 * A delayed copy of the state for reads that trail behind writes.
 *
 * On the real server some reads do not wait for their projection and see a write late. `Lag` emulates such a projection with a
 * second state that applies each change after a delay.
 */
export interface ProjectionLag {
  /** Returns the state that an RPC ("service/method") works on: the copy for reads that trail, otherwise the true state. */
  stateFor(rpc: string): EmulatorState;
  /** Detects the writes since the last call and schedules them. Reads that trail see these writes after the delay. */
  scheduleChanges(): void;
}

/**
 * The reads that trail, and the part of the state that they see late.
 *
 * In measurements of the real server these reads missed 3 to 25 percent of writes on the first attempt; all other reads never
 * missed one. Links of a login policy show at once: only a deleted provider lingers among them.
 */
const trailing: Readonly<Record<string, "all" | "all but policies">> = {
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

export function createProjectionLag(state: EmulatorState, lagMs: number): ProjectionLag {
  if (lagMs === 0) {
    return { stateFor: () => state, scheduleChanges: () => undefined };
  }
  const owners = [state.instance, ...state.organizations.values()].map(trailOwner);
  const [instance, ...organizations] = owners.map(({ shown }) => shown);
  const policies = trailRecords(
    () => new Map([["", state.instance.loginPolicy]]),
    (policy) => `${policy?.view.details?.sequence} ${[...(policy?.links ?? [])].join()}`,
    (policy) =>
      policy && { view: clone(LoginPolicySchema, policy.view), links: new Set(policy.links) },
  );
  const humans = trailRecords(
    () => state.humans,
    ({ sequence }) => sequence,
    (human) => ({ ...human, links: [...human.links] }),
  );

  const behind: EmulatorState = {
    ...state,
    instance: instance ?? state.instance,
    organizations: new Map(organizations.map((owner) => [owner.id, owner])),
    humans: humans.shown,
  };
  const behindInPolicies: EmulatorState = {
    ...behind,
    instance: {
      ...behind.instance,
      get loginPolicy() {
        return policies.shown.get("");
      },
    },
  };

  const changes = (): Change[] =>
    [...owners, policies, humans].flatMap(({ changesOf }) => changesOf());
  const takeUp = (list: readonly Change[]): void => list.forEach((change) => change());
  // The seed is not a recent write, so every read shows it at once.
  takeUp(changes());
  void state.ready?.then(
    () => takeUp(changes()),
    () => undefined,
  );

  const waiting: { due: number; list: readonly Change[] }[] = [];
  return {
    stateFor(rpc) {
      while (waiting[0] !== undefined && waiting[0].due <= performance.now()) {
        takeUp(waiting.shift()?.list ?? []);
      }
      const what = trailing[rpc];
      return what === undefined ? state : what === "all" ? behindInPolicies : behind;
    },
    scheduleChanges() {
      const list = changes();
      if (list.length > 0) {
        waiting.push({ due: performance.now() + lagMs, list });
      }
    },
  };
}

/** A function that applies one change to the delayed copy. */
type Change = () => void;

/** A part of the delayed copy. */
interface Trail<T> {
  readonly shown: T;
  /** Returns the changes of the original since the last call. */
  changesOf(): Change[];
}

function trailOwner(owner: StoredOwner): Trail<StoredOwner> {
  const providers = trailRecords(
    () => owner.providers,
    ({ view }) => view.details?.sequence,
    (stored) => ({ ...stored, view: clone(ProviderSchema, stored.view) }),
  );
  const legacy = trailRecords(
    () => owner.legacy,
    ({ details }) => details?.sequence,
    (idp) => clone(IDPSchema, idp),
  );
  let sequence: bigint | undefined;
  return {
    shown: {
      ...owner,
      providers: providers.shown,
      legacy: legacy.shown,
      get loginPolicy() {
        return owner.loginPolicy;
      },
    },
    changesOf() {
      if (owner.sequence === sequence) {
        return [];
      }
      sequence = owner.sequence;
      return [...providers.changesOf(), ...legacy.changesOf()];
    },
  };
}

/** Tracks records by their version, which changes with each write. */
function trailRecords<T>(
  records: () => ReadonlyMap<string, T>,
  versionOf: (record: T) => unknown,
  copy: (record: T) => T,
): Trail<Map<string, T>> {
  const shown = new Map<string, T>();
  const versions = new Map<string, unknown>();
  return {
    shown,
    changesOf() {
      const changes: Change[] = [];
      const current = records();
      for (const [id, record] of current) {
        const version = versionOf(record);
        if (!versions.has(id) || versions.get(id) !== version) {
          versions.set(id, version);
          const copied = copy(record);
          changes.push(() => void shown.set(id, copied));
        }
      }
      for (const id of versions.keys()) {
        if (!current.has(id)) {
          versions.delete(id);
          changes.push(() => void shown.delete(id));
        }
      }
      return changes;
    },
  };
}
