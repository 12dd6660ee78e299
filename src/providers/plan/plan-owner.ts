import type { Operation } from "../operation.js";
import type { OwnerReads } from "../owner-reads.js";
import type { PlannedAction } from "./actions.js";
import { isAbsent } from "./desired/desired-entry.js";
import type { DesiredOwner } from "./desired/desired-state.js";
import { isSameOwner, type Owner } from "./owner.js";
import { planActions, type PlannedOwner } from "./plan-actions.js";
import type { ActionContext } from "./plan-provider.js";
import {
  addHalfRemovedIdps,
  addInstanceProviders,
  addMigratedIdps,
  type CurrentProviders,
  readCurrentProviders,
  refreshProviders,
} from "./read-current-providers.js";
import { resolvePendingAdds, waitForPendingAdds } from "./resolve-pending-adds.js";
import type { ApplyState, KnownProvider } from "./state/apply-state.js";

/** The maximum time that lists may lag behind writes. */
const maxListLagMs = 60_000;

/** The plan of one owner, with facts from the reads on which it is based. */
export interface PlannedOwnerWithReads extends PlannedOwner {
  /** The state, in which the adds that an earlier run began have their results. */
  readonly state: ApplyState;
  /** The ids of the providers that the reads returned. */
  readonly known: ReadonlySet<string>;
}

/**
 * Plans one owner, although lists lag behind writes and an earlier `apply` may have ended at any point.
 *
 * If an earlier run began an add, waits until lists show the provider, or until the add has certainly failed. Some providers are read
 * one by one, because such reads are always current: those that were written recently and that lists do not show, and those to change
 * or delete.
 */
export async function planOwner(
  desiredOwner: DesiredOwner,
  api: OwnerReads,
  context: ActionContext & { readonly operation: Operation },
): Promise<PlannedOwnerWithReads> {
  const { owner, desired } = desiredOwner;
  const { operation } = context;
  const read = async () => await readCurrentProviders(api, desired, operation);
  const refresh = async (current: CurrentProviders, ids: readonly string[]) =>
    await refreshProviders(current, ids, api, operation);

  const pending = context.state.pending.filter((add) => isSameOwner(add.owner, owner));
  const listed = await waitForPendingAdds(pending, read, operation);
  const state = resolvePendingAdds(context.state, pending, listed);

  const own = await refresh(listed, findUnlistedIds(owner, listed, state));
  const complete = await addInstanceProviders(own, desired, api, operation);
  const draft = await planActions(desiredOwner, complete, { ...context, state });

  const refreshed = await refresh(complete, draft.plan.actions.flatMap(listIdsToWrite));
  const withHalves = await addHalfRemovedIdps(refreshed, desired, api, operation);
  const toDelete = [...draft.matched].flatMap(([entry, each]) => (isAbsent(entry) ? [each] : []));
  const current = await addMigratedIdps(withHalves, toDelete, api, operation);
  const planned = await planActions(desiredOwner, current, { ...context, state });
  return { ...planned, state, known: new Set(current.providers.map(({ id }) => id)) };
}

/** Returns the ids of the providers that an earlier run wrote recently and that lists do not show yet. */
function findUnlistedIds(
  owner: Owner,
  { providers }: CurrentProviders,
  state: ApplyState,
): string[] {
  const listed = new Set(providers.map(({ id }) => id));
  return Object.entries(state.providers)
    .filter(([id, each]) => !listed.has(id) && isSameOwner(each.owner, owner) && isRecent(each))
    .map(([id]) => id);
}

function isRecent({ at }: KnownProvider): boolean {
  return Date.now() - Date.parse(at) < maxListLagMs;
}

/** Returns the id of the provider that an action would change or delete. */
function listIdsToWrite(action: PlannedAction): string[] {
  return action.action === "update" || action.action === "delete" ? [action.provider.id] : [];
}
