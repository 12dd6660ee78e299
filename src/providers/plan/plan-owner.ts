import { toIdentityProvider } from "../model/to-identity-provider.js";
import type { IdentityProvider } from "../model/provider.js";
import type { Operation } from "../operation.js";
import { isMissingProvider, type OwnerReads } from "../owner-reads.js";
import type { PlannedAction } from "./actions.js";
import type { Owner, DesiredOwner } from "./desired-state.js";
import {
  type CurrentProviders,
  type PlannedOwner,
  type PlanContext,
  planActions,
  readCurrentProviders,
  needsLoginPolicy,
} from "./plan-actions.js";
import type { PendingAdd, KnownProvider, ApplyState } from "./apply-state.js";

/** The time that a server may still process an add whose client is gone. */
const maxAddMs = 5000;
const pauseMs = 200;
/** The maximum time that lists may lag behind writes. */
const maxListLagMs = 60_000;

/** The plan of one owner, and the state and ids on which it is based. */
export interface OwnerPlanFromReads extends PlannedOwner {
  readonly state: ApplyState;
  /** The ids of the providers that the reads returned. */
  readonly known: ReadonlySet<string>;
}

/**
 * Plans one owner, although lists lag behind writes and an earlier `apply` may have ended at any point.
 *
 * If an earlier run began an add, waits until the provider shows or the add has certainly failed. Reads one by one, because
 * these reads are always current: providers that were added recently and do not show in lists, and providers that would be
 * changed or deleted.
 */
export async function planOwner(
  wanted: DesiredOwner,
  api: OwnerReads,
  context: PlanContext,
  operation: Operation,
): Promise<OwnerPlanFromReads> {
  const { owner } = wanted;
  const pending = context.state.pending.filter((each) => isSameOwner(each.owner, owner));
  let current = await readCurrentProviders(api, needsLoginPolicy(wanted), operation);
  for (;;) {
    const missing = pending.filter((each) => findCreated(each, current) === undefined);
    const wait = Math.max(
      0,
      ...missing.map(({ since }) => Date.parse(since) + maxAddMs - Date.now()),
    );
    if (wait === 0 || operation.remainingMs() <= 0) {
      break;
    }
    await operation.pause(Math.min(wait, pauseMs));
    current = await readCurrentProviders(api, needsLoginPolicy(wanted), operation);
  }
  const state = resolvePending(context.state, pending, current);
  const shown = new Set(current.providers.map(({ id }) => id));
  const trailing = Object.entries(state.providers)
    .filter(([id, each]) => !shown.has(id) && isSameOwner(each.owner, owner) && isRecent(each))
    .map(([id]) => id);
  current = await refreshProviders(current, trailing, api, operation);
  const draft = await planActions(wanted, current, { ...context, state });
  current = await refreshProviders(current, draft.plan.actions.flatMap(idsToWrite), api, operation);
  const known = new Set(current.providers.map(({ id }) => id));
  return { ...(await planActions(wanted, current, { ...context, state })), state, known };
}

function isRecent({ at }: KnownProvider): boolean {
  return Date.now() - Date.parse(at) < maxListLagMs;
}

/** Returns the id of the provider that an action would change or delete. */
function idsToWrite(action: PlannedAction): string[] {
  return action.action === "update" || action.action === "delete" ? [action.provider.id] : [];
}

/** Replaces providers from lists by reads, which are always current. */
async function refreshProviders(
  current: CurrentProviders,
  ids: readonly string[],
  api: OwnerReads,
  operation: Operation,
): Promise<CurrentProviders> {
  const fresh = new Map<string, IdentityProvider | undefined>();
  for (const id of ids) {
    fresh.set(id, await readOrNothing(api, id, operation));
  }
  return {
    ...current,
    providers: [
      ...current.providers.filter(({ id }) => !fresh.has(id)),
      ...[...fresh.values()].filter((each) => each !== undefined),
    ],
  };
}

/** Reads a provider. Always current. Returns undefined if there is none. */
export async function readOrNothing(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  try {
    const { provider, notDecoded } = await api.get(id, operation.callOptions());
    return toIdentityProvider(provider, notDecoded);
  } catch (error) {
    if (isMissingProvider(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Returns true if two owners are the same. */
export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.owner === b.owner && a.orgId === b.orgId;
}

/**
 * Returns the id of the provider that a pending add created. No provider had this type and name when the add began, so any that
 * has them now comes from that add.
 */
function findCreated(
  { type, name }: PendingAdd,
  { providers }: CurrentProviders,
): string | undefined {
  return providers.find((each) => each.type === type && each.name === name)?.id;
}

/** Returns the state as if the earlier `apply` had received the responses to its adds. */
function resolvePending(
  state: ApplyState,
  pending: readonly PendingAdd[],
  current: CurrentProviders,
): ApplyState {
  const made = pending.flatMap((each) => {
    const { owner, type, name, since: at, fingerprints } = each;
    const id = findCreated(each, current);
    return id === undefined || state.providers[id] !== undefined
      ? []
      : [[id, { made: true, owner, type, name, at, fingerprints }] as const];
  });
  return {
    providers: { ...state.providers, ...Object.fromEntries(made) },
    pending: state.pending.filter((each) => !pending.includes(each)),
  };
}
