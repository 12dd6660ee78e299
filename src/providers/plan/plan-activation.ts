import type { ProviderProblem } from "../provider-error.js";
import type { ActionProvider, PlannedAction } from "./actions.js";
import type { CurrentProviders } from "./read-current-providers.js";

/** The planned change of the login policy for one entry, and its problems. */
interface PlannedActivation {
  readonly actions: readonly PlannedAction[];
  readonly problems: readonly ProviderProblem[];
}

/** Plans the activation or deactivation of a provider, if `isDesired` is set and differs from the login policy. */
export function planActivation(
  isDesired: boolean | undefined,
  provider: ActionProvider,
  current: CurrentProviders,
  createLoginPolicy: boolean | undefined,
): PlannedActivation {
  const isActive = provider.id !== undefined && current.active?.has(provider.id) === true;
  return isDesired === undefined || isDesired === isActive
    ? { actions: [], problems: [] }
    : {
        actions: [{ action: isDesired ? "activate" : "deactivate", provider }],
        problems: findPolicyProblems(current, createLoginPolicy),
      };
}

/**
 * Returns the problems of a change to an inherited login policy, which needs a copy of the default policy first. The plan reports them,
 * so that `apply` does not fail after it has added providers.
 */
function findPolicyProblems(
  { hasInheritedPolicy, policyProblems }: CurrentProviders,
  createLoginPolicy: boolean | undefined,
): ProviderProblem[] {
  if (!hasInheritedPolicy) {
    return [];
  }
  return createLoginPolicy
    ? policyProblems.map((problem) => ({ ...problem, path: ["active"] }))
    : [
        {
          path: ["active"],
          message:
            "the organization has no login policy of its own; createLoginPolicy: true creates a copy of the instance's default, without its later changes",
        },
      ];
}
