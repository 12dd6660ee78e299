// The steps of `plan`:
// 1. Check the arguments (plan-arguments.ts) and the desired state (desired/desired-state-problems.ts) before anything is sent.
// 2. For each owner (plan-owner.ts), read the current providers (read-current-providers.ts). If an earlier `apply` ended during
//    an add, wait until the result of the add is known (resolve-pending-adds.ts).
// 3. Find the provider of each entry (match/match-providers.ts). An entry of an organization may name a provider of the instance
//    (match/find-instance-provider.ts). Recognize renames (match/resolve-renames.ts) and swapped entries (match/report-swaps.ts).
// 4. Compare each entry with its provider (compare-fields.ts), and derive the actions (plan-provider.ts, plan-instance-entry.ts)
//    in the order in which `apply` carries them out (plan-actions.ts).
// 5. Report the problems of all owners together, and warn about secrets that expire soon (find-expiring-secrets.ts).

import { advice } from "../../zitadel/advice-phrases.js";
import { optionText } from "../../utils/option-text.js";
import { throwIfAny } from "../provider-error.js";
import type { Plan } from "./actions.js";
import { mapOwners } from "./map-owners.js";
import type { DesiredState } from "./desired/desired-state.js";
import { checkPlanArguments } from "./plan-arguments.js";
import { createPlanApi, createPlanContext, type PlanClient } from "./plan-context.js";
import { defaultConcurrency, type PlanOptions } from "./plan-options.js";
import { planOwner } from "./plan-owner.js";
import { createExpiryWarnings } from "./find-expiring-secrets.js";
import { createProgressReporter } from "./progress.js";
import { readApplyState } from "./state/apply-state.js";

/**
 * Compares the desired providers with the current ones, and returns the necessary actions. Writes nothing. For each owner, `plan` sends
 * one request per 200 providers, one more if there are OIDC or JWT providers (some of which may be legacy IDPs), one if the desired
 * state sets `active`, and one for each provider to change or delete (two for OIDC and JWT). Entries that may name a provider of the
 * instance add one request per 200 providers of the instance.
 *
 * Throws a `ProviderError` with all problems and their locations. The reason is `invalid` for values that are wrong in themselves,
 * `not_expressible` for conflicts with the current providers, and, with several owners, `unreadable` if some of them could not be read.
 * A value that a provider already has is always valid.
 *
 * @example
 * const desired: DesiredState = { organization: { providers: [{ type: "google", name: "Google", clientId }] } };
 * console.log(formatPlan(await plan(zitadel, desired)));
 */
export async function plan(
  client: PlanClient,
  desired: DesiredState,
  options: PlanOptions = {},
): Promise<Plan> {
  checkPlanArguments("plan", client, options);
  const context = await createPlanContext(client, desired, options);
  const state = await readApplyState(options.state);

  const { owners } = context;
  const { onProgress, concurrency = defaultConcurrency, signal } = options;
  const report = createProgressReporter(onProgress, "plan", owners.length);
  const planned = await mapOwners(owners, concurrency, signal, async (desiredOwner) => {
    const { owner } = desiredOwner;
    const api = createPlanApi(client, owner);
    const result = await planOwner(desiredOwner, api, { ...context, state });
    report(owner);
    const { plan: ownerPlan, problems, invalid, matched } = result;
    const warnings = createExpiryWarnings(desiredOwner, matched, new Date());
    return { plan: ownerPlan, problems, invalid, warnings };
  });

  const invalid = planned.flatMap((each) => each.invalid);
  const problems = planned.flatMap((each) => each.problems);
  throwIfAny("invalid", optionText`${advice.desiredState}`, invalid);
  throwIfAny("not_expressible", "the plan", problems);
  const warnings = planned.flatMap((each) => each.warnings);
  return {
    version: 1,
    owners: planned.map((each) => each.plan),
    ...(warnings.length > 0 && { warnings }),
  };
}
