import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import { printable } from "../../../utils/printable.js";
import type { ProviderProblem } from "../../provider-error.js";
import {
  getNameAfterUpdate,
  type OwnerPlan,
  type PlannedAction,
  type SwitchAction,
} from "../actions.js";
import { describeActionProvider } from "../labels.js";
import { toOwnerPath } from "../owner.js";

/**
 * Returns the problems of a plan that no longer fits: actions that are necessary now but were not planned. Planned actions that are no
 * longer necessary are allowed, because an earlier run may have done them.
 */
export function findStaleActions(
  planned: OwnerPlan,
  now: readonly PlannedAction[],
): ProviderProblem[] {
  return now
    .filter((action) => !planned.actions.some((each) => wasPlanned(each, action, planned.actions)))
    .map((action) => ({
      path: toOwnerPath(planned.owner),
      message: `${describeAction(action)} ${describeReason(action, planned.actions)}`,
    }));
}

/** Returns true if `planned` is the action `now`. `all` are all actions of the plan. */
function wasPlanned(
  planned: PlannedAction,
  now: PlannedAction,
  all: readonly PlannedAction[],
): boolean {
  if (planned.action === "update" && now.action === "update") {
    // If only secrets are left to change, an earlier run has done the rest. Sending a secret twice changes nothing.
    const isOnlySecrets = now.changes.length === 0;
    return (
      planned.provider.id === now.provider.id &&
      (isOnlySecrets ||
        (planned.sequence === now.sequence && isDeepEqual(planned.changes, now.changes))) &&
      Object.keys(now.secrets).every((field) => field in planned.secrets)
    );
  }
  if (isActivationChange(planned) && isActivationChange(now) && planned.provider.id === undefined) {
    // When planned, the provider had yet to be added. It exists now. Providers of the instance are added by the instance's own plan.
    const { type, name, owner } = planned.provider;
    const wasToBeAdded =
      owner === "instance" ||
      all.some(
        (each) =>
          each.action === "create" && each.provider.type === type && each.provider.name === name,
      );
    return (
      wasToBeAdded &&
      planned.action === now.action &&
      now.provider.type === type &&
      now.provider.name === name &&
      now.provider.owner === owner
    );
  }
  return isDeepEqual(planned, now);
}

function isActivationChange(action: PlannedAction): action is SwitchAction {
  return action.action === "activate" || action.action === "deactivate";
}

/** Describes an action in a few words. */
function describeAction(action: PlannedAction): string {
  if (action.action === "create-login-policy") {
    return "creation of a login policy";
  }
  const label = describeActionProvider(action.provider);
  const { name } = action.provider;
  const renamed = action.action === "update" ? getNameAfterUpdate(action) : name;
  return renamed === name
    ? `${actionNouns[action.action]} of ${label}`
    : `rename of ${label} to ${printable(JSON.stringify(renamed))}`;
}

const actionNouns = {
  create: "creation",
  update: "update",
  activate: "activation",
  deactivate: "deactivation",
  delete: "deletion",
} as const;

function describeReason(now: PlannedAction, planned: readonly PlannedAction[]): string {
  const same = planned.find(
    (each) =>
      each.action === now.action &&
      "provider" in each &&
      "provider" in now &&
      isDeepEqual(each.provider, now.provider),
  );
  return same !== undefined &&
    "sequence" in same &&
    "sequence" in now &&
    same.sequence !== now.sequence
    ? `was planned at sequence ${same.sequence}, but the provider has changed since (${now.sequence})`
    : same !== undefined
      ? "was planned with other values"
      : "is now required, but was not planned";
}
