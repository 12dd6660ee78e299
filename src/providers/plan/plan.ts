import { throwIfAny } from "../provider-error.js";
import type { Plan } from "./actions.js";
import { readApplyState } from "./apply-state.js";
import { mapOwners } from "./concurrency.js";
import type { DesiredState } from "./desired-state.js";
import { checkPlanArguments } from "./plan-arguments.js";
import { createPlanApi, createPlanContext, type PlanClient } from "./plan-context.js";
import { defaultConcurrency, type PlanOptions } from "./plan-options.js";
import { planOwner } from "./plan-owner.js";
import { createProgressReporter } from "./progress.js";

/**
 * Compares the desired providers with the current ones, and returns the necessary actions. Writes nothing. For each owner,
 * `plan` sends one request per 200 providers, one more if there are OIDC or JWT providers (some of which may be legacy IDPs),
 * one if the desired state sets `active`, and one for each provider that would be changed or deleted.
 *
 * Throws a `ProviderError` with all problems and their locations. The reason is `invalid` for values that are wrong by
 * themselves, `not_expressible` for values that conflict with the current providers, and, with several owners, `unreadable` if
 * some of them could not be read. A value that a provider already has is always valid.
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
    return { plan: result.plan, problems: result.problems, invalid: result.invalid };
  });

  const invalid = planned.flatMap((each) => each.invalid);
  const problems = planned.flatMap((each) => each.problems);
  throwIfAny("invalid", "the desired state", invalid);
  throwIfAny("not_expressible", "the plan", problems);
  return { version: 1, owners: planned.map((each) => each.plan) };
}
