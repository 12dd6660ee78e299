import type { EmulatorState } from "../store/emulator-state.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { StoredProvider } from "../store/stored-provider.js";

/** The parts of a state that calls change, as they were at one time. */
export type StateSnapshot = Pick<
  EmulatorState,
  "instance" | "organizations" | "humans" | "events" | "intents"
>;

/** Copies the parts of a state that calls change. The copy shares nothing with the state. */
export function takeSnapshot({
  instance,
  organizations,
  humans,
  events,
  intents,
}: StateSnapshot): StateSnapshot {
  return {
    instance: copyOwner(instance),
    organizations: new Map([...organizations].map(([id, owner]) => [id, copyOwner(owner)])),
    humans: structuredClone(humans),
    // Events never change.
    events: [...events],
    intents: structuredClone(intents),
  };
}

function copyOwner({ providers, ...owner }: StoredOwner): StoredOwner {
  const copies = [...providers].map(([id, provider]) => [id, copyProvider(provider)] as const);
  return { ...structuredClone(owner), providers: new Map(copies) };
}

/** Copies a provider. Its certificate stays the same. */
function copyProvider({ certificate, ...provider }: StoredProvider): StoredProvider {
  return { ...structuredClone(provider), ...(certificate && { certificate }) };
}
