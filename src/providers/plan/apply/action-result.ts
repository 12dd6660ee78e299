import type { PlannedAction } from "../actions.js";
import type { Owner } from "../owner.js";

/** The result of one action. */
export interface ActionResult {
  /** The owner of the provider. */
  readonly owner: Owner;
  /** The action of the plan. */
  readonly action: PlannedAction;
  /** The status. `skipped`: the action was not attempted, because an earlier action of the same owner failed. */
  readonly status: "done" | "failed" | "skipped";
  /** The id of the provider, including one that this action has added. */
  readonly id?: string | undefined;
  /** The error of a failed action. */
  readonly error?: unknown;
  /** Reasons why users may not see the effect, e.g. because the login policy allows no external providers. */
  readonly warnings?: readonly string[] | undefined;
}
