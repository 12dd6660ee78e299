import { isSameOwner, type Owner } from "../owner.js";
import type { ApplyState, KnownProvider, PendingAdd } from "./apply-state.js";

/** Records an add that is about to begin. */
export function addPending(state: ApplyState, add: PendingAdd): ApplyState {
  return { ...state, pending: [...state.pending, add] };
}

/** Removes the record of an add that has ended. */
export function removePending(
  state: ApplyState,
  { owner, type, name }: Pick<PendingAdd, "owner" | "type" | "name">,
): ApplyState {
  const isThis = (add: PendingAdd): boolean =>
    isSameOwner(add.owner, owner) && add.type === type && add.name === name;
  return { ...state, pending: state.pending.filter((add) => !isThis(add)) };
}

/** Removes the records of all adds of an owner. */
export function removePendingOfOwner(state: ApplyState, owner: Owner): ApplyState {
  return { ...state, pending: state.pending.filter((add) => !isSameOwner(add.owner, owner)) };
}

/** Records providers that `apply` has added or changed, by their ids. */
export function recordProviders(
  state: ApplyState,
  records: Readonly<Record<string, KnownProvider>>,
): ApplyState {
  return { ...state, providers: { ...state.providers, ...records } };
}

/** Removes the record of a provider that was deleted. */
export function removeProvider(state: ApplyState, id: string): ApplyState {
  const { [id]: _deleted, ...providers } = state.providers;
  return { ...state, providers };
}
