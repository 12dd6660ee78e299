import type { DesiredProviders, InstanceProvider } from "./desired/desired-state.js";
import { findInstanceProvider, type InstanceAdds } from "./match/find-instance-provider.js";
import { planActivation } from "./plan-activation.js";
import type { PlannedProvider } from "./plan-provider.js";
import type { CurrentProviders } from "./read-current-providers.js";

/**
 * Plans the activation or deactivation of a provider of the instance by an organization. An entry with `active: false` needs no action
 * if the provider does not exist.
 */
export function planInstanceEntry(
  entry: InstanceProvider,
  { providers: entries, createLoginPolicy }: DesiredProviders,
  current: CurrentProviders,
  adds: InstanceAdds,
): PlannedProvider & { readonly isUnchanged: boolean } {
  const match = findInstanceProvider(entry, current, entries, adds);
  if (match.kind === "named") {
    const planned = planActivation(entry.active, match.provider, current, createLoginPolicy);
    return { ...planned, invalid: [], isUnchanged: planned.actions.length === 0 };
  }
  const isProblem = match.kind === "unclear" || entry.active;
  return {
    actions: [],
    problems: isProblem ? [{ path: [], message: match.problem }] : [],
    invalid: [],
    isUnchanged: !isProblem,
  };
}
