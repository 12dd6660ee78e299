import type { PlannedAction } from "../actions.js";
import type { Owner } from "../owner.js";

/** The result of one action. */
export interface ActionResult {
  readonly owner: Owner;
  readonly action: PlannedAction;
  /** The status. `skipped` means that an earlier action of the same owner failed, so this one was not attempted. */
  readonly status: "done" | "failed" | "skipped";
  /** The id of the provider, also of one that was just added. */
  readonly id?: string | undefined;
  readonly error?: unknown;
  /** Reasons why the action has no effect that users see, e.g. because the login policy shows no providers. */
  readonly warnings?: readonly string[] | undefined;
}
