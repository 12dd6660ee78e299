import type { Operation } from "../operation.js";
import type { CurrentProviders } from "./read-current-providers.js";
import type { ApplyState, PendingAdd } from "./state/apply-state.js";

/** The longest time that a server processes an add after its client is gone. */
const maxAddMs = 5000;
const pauseMs = 200;

/**
 * Waits until each pending add has created its provider or has certainly failed. `read` reads the current providers. Returns the result
 * of the last read.
 */
export async function waitForPendingAdds(
  pending: readonly PendingAdd[],
  read: () => Promise<CurrentProviders>,
  operation: Operation,
): Promise<CurrentProviders> {
  for (;;) {
    const current = await read();
    const notFound = pending.filter((add) => findCreated(add, current) === undefined);
    const waitMs = Math.max(
      0,
      ...notFound.map(({ since }) => Date.parse(since) + maxAddMs - Date.now()),
    );
    if (waitMs === 0 || operation.remainingMs() <= 0) {
      return current;
    }
    await operation.pause(Math.min(waitMs, pauseMs));
  }
}

/** Returns the state that the earlier `apply` would have written after the responses to its adds. */
export function resolvePendingAdds(
  state: ApplyState,
  pending: readonly PendingAdd[],
  current: CurrentProviders,
): ApplyState {
  const created = pending.flatMap((add) => {
    const { owner, type, name, since: at, fingerprints } = add;
    const id = findCreated(add, current);
    return id === undefined || state.providers[id] !== undefined
      ? []
      : [[id, { made: true, owner, type, name, at, fingerprints }] as const];
  });
  return {
    providers: { ...state.providers, ...Object.fromEntries(created) },
    pending: state.pending.filter((add) => !pending.includes(add)),
  };
}

/**
 * Returns the id of the provider that a pending add created. When the add began, no provider had its type and name, so a provider that
 * has them now comes from the add.
 */
function findCreated(
  { type, name }: PendingAdd,
  { providers }: CurrentProviders,
): string | undefined {
  return providers.find((each) => each.type === type && each.name === name)?.id;
}
