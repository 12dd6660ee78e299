// The steps of `apply`:
// 1. Check the arguments (../plan-arguments.ts), the plan and the desired state before anything is sent.
// 2. Read the state, which records each write from now on (../state/state-journal.ts).
// 3. Plan each owner again (recheck-plan.ts). Throw if an action is necessary that was not planned (stale-actions.ts). Up to here,
//    no call changes anything on the server. Record the dates of secrets that the state lacks (record-secret-dates.ts).
// 4. Carry out the actions of each owner in order, those of the instance first (carry-out-actions.ts, and one carry-out-*.ts for
//    each kind of action). Look for a duplicate right before each add.
// 5. Look for duplicates that another run has added at the same time (check-for-duplicates.ts).
//
// `apply` never asks anybody: the command line asks for confirmation before it calls `apply`, and an unclear rename is a problem
// of the plan (../match/resolve-renames.ts).

import type { Plan } from "../actions.js";
import { mapConcurrently } from "../../../utils/map-concurrently.js";
import type { DesiredState } from "../desired/desired-state.js";
import { checkPlan, checkPlanArguments } from "../plan-arguments.js";
import { createPlanApi, createPlanContext, type PlanClient } from "../plan-context.js";
import { defaultConcurrency, type PlanOptions } from "../plan-options.js";
import { createProgressReporter } from "../progress.js";
import { openStateJournal } from "../state/state-journal.js";
import type { ActionResult } from "./action-result.js";
import { type OwnerResult, carryOutActions } from "./carry-out-actions.js";
import { checkForDuplicates } from "./check-for-duplicates.js";
import type { Duplicate } from "./duplicates.js";
import { type OwnerActions, recheckPlan } from "./recheck-plan.js";
import { recordSecretDates } from "./record-secret-dates.js";

/** The options of `apply`, which are the same as those of `plan`. */
export type ApplyOptions = PlanOptions;

/** The result of `apply`. */
export interface ApplyResult {
  /** True if all actions were done and there are no duplicates. */
  readonly ok: boolean;
  /** The actions that were still necessary, with their results. */
  readonly results: readonly ActionResult[];
  /** The providers that another writer added at the same time. Absent if there are none; otherwise `ok` is false. */
  readonly duplicates?: readonly Duplicate[] | undefined;
}

/**
 * Carries out a plan. `desired` is the desired state from which the plan was made. It contains the secrets, which the plan does not.
 *
 * First, `apply` reads all providers again. If an action is necessary that was not planned, it throws a `ProviderError` with the reason
 * `stale_plan`, and writes nothing. It leaves out actions that an earlier run has completed, so `apply` can run again after any failure.
 * The instance comes before the organizations, which may offer its new providers. The actions of one owner run one after the other, and
 * the first failure ends them; other owners continue. Failed actions are in the result.
 *
 * ZITADEL accepts a second provider of the same type and name. `apply` therefore looks for one right before each add, which then fails
 * with the reason `duplicate`, and again at the end: `duplicates` lists the providers that another writer added at the same time. Run
 * only one `apply` at a time for a state store; a run stops when another run has changed its state.
 *
 * `apply` also records the dates at which secrets expire in the state, even if there is nothing else to do.
 *
 * @example
 * const result = await apply(zitadel, await plan(zitadel, desired), desired);
 * for (const { action, error } of result.results) if (error) console.error(action.action, error);
 */
export async function apply(
  client: PlanClient,
  plan: Plan,
  desired: DesiredState,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  checkPlanArguments("apply", client, options);
  checkPlan(plan);
  const context = await createPlanContext(client, desired, options);
  const journal = await openStateJournal(options.state);
  const remaining = await recheckPlan(plan, context, journal, options);
  await recordSecretDates(remaining, journal);

  const { onProgress, concurrency = defaultConcurrency } = options;
  const actionCount = remaining.reduce((sum, { actions }) => sum + actions.length, 0);
  const report = createProgressReporter(onProgress, "apply", actionCount);
  const addedToInstance = new Map<string, string>();
  const carryOutForOwner = async (ownerActions: OwnerActions): Promise<OwnerResult> => {
    const api = createPlanApi(client, ownerActions.desiredOwner.owner);
    const shared = { ...context, api, journal, report, addedToInstance };
    const ownerResult = await carryOutActions(ownerActions, shared);
    return await checkForDuplicates(ownerResult, api, ownerActions.known, context.operation);
  };
  // The instance comes first, because organizations may offer its new providers.
  const isInstance = ({ desiredOwner }: OwnerActions): boolean =>
    desiredOwner.owner.owner === "instance";
  const instance = remaining.filter(isInstance);
  const organizations = remaining.filter((each) => !isInstance(each));
  const ownerResults = [
    ...(await mapConcurrently(instance, concurrency, carryOutForOwner)),
    ...(await mapConcurrently(organizations, concurrency, carryOutForOwner)),
  ];

  const results = ownerResults.flatMap((each) => each.results);
  const duplicates = ownerResults.flatMap((each) => each.duplicates);
  return {
    ok: duplicates.length === 0 && results.every(({ status }) => status === "done"),
    results,
    ...(duplicates.length > 0 && { duplicates }),
  };
}
