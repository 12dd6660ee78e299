import type { OwnerApi } from "../owner.js";
import type { Operation } from "../operation.js";
import type { Owner } from "./desired.js";
import { type Current, readCurrent } from "./plan-owner.js";
import type { PendingCreate, State } from "./state.js";

/** How long after an add lists may not show it yet, and a server may still be at work on it. */
const settledMs = 5000;
const pauseMs = 200;

/**
 * What an owner has, after an `apply` that ended in the middle of an add: waits until the provider shows, or is certain not to
 * come, so that it is not made again. Gives the state as if that `apply` had heard of it.
 */
export async function readSettled(
  api: OwnerApi,
  owner: Owner,
  state: State,
  withPolicy: boolean,
  operation: Operation,
): Promise<{ current: Current; state: State }> {
  const pending = state.pending.filter((each) => isSameOwner(each.owner, owner));
  for (;;) {
    const current = await readCurrent(api, withPolicy, operation);
    const missing = pending.filter((each) => madeBy(each, current) === undefined);
    const wait = Math.max(
      0,
      ...missing.map(({ since }) => Date.parse(since) + settledMs - Date.now()),
    );
    if (wait === 0 || operation.remainingMs() <= 0) {
      return { current, state: adopt(state, pending, current) };
    }
    await operation.pause(Math.min(wait, pauseMs));
  }
}

export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.owner === b.owner && a.orgId === b.orgId;
}

/** There was none of this type and name when the add began: so what there is now is what it made. */
function madeBy({ type, name }: PendingCreate, { providers }: Current): string | undefined {
  return providers.find((each) => each.type === type && each.name === name)?.id;
}

function adopt(state: State, pending: readonly PendingCreate[], current: Current): State {
  const made = pending.flatMap((each) => {
    const id = madeBy(each, current);
    return id === undefined || state.providers[id] !== undefined
      ? []
      : [[id, { made: true, fingerprints: each.fingerprints }] as const];
  });
  return {
    providers: { ...state.providers, ...Object.fromEntries(made) },
    pending: state.pending.filter((each) => !pending.includes(each)),
  };
}
