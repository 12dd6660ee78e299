import { notify } from "../../utils/notify.js";
import { type OperationOptions, startOperation } from "../operation.js";
import { ProviderError, type ProviderProblem, throwIfAny } from "../provider-error.js";
import type { OwnerPlan, Plan } from "./actions.js";
import { createFingerprinter, readApplyState, type StateOptions } from "./apply-state.js";
import { writeOnlyValues } from "./compare-fields.js";
import { mapOwners } from "./concurrency.js";
import {
  type DesiredOwner,
  type DesiredProvider,
  type DesiredState,
  findDesiredStateProblems,
  isAbsent,
  listOwners,
  type Owner,
  splitEntry,
} from "./desired-state.js";
import { createPlanApi, type PlanClient, type PlanContext } from "./plan-actions.js";
import { checkPlanArguments } from "./plan-arguments.js";
import { planOwner } from "./plan-owner.js";

/** The progress of `plan` and `apply`. */
export interface Progress {
  readonly phase: "plan" | "check" | "apply";
  readonly owner: Owner;
  /** The number of completed owners; in the phase `apply`, of completed actions. */
  readonly done: number;
  readonly total: number;
}

/** The options of `plan` and `apply`. */
export interface PlanOptions extends OperationOptions {
  /**
   * The ids or names of providers whose secrets are sent again, or `true` for all secrets in the desired state. Default: none.
   */
  readonly rotate?: readonly string[] | boolean | undefined;
  /** The state that `apply` keeps between runs. Without a state, secrets of existing providers stay as they are. */
  readonly state?: StateOptions | undefined;
  /** The number of owners that are processed at the same time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Called after each step. Errors that it throws, or rejections of a promise that it returns, are ignored. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const defaultConcurrency = 4;

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
  const { onProgress, concurrency = defaultConcurrency } = options;
  const owners = checked(desired);
  const context = await contextOf(client, owners, options);
  const operation = startOperation(options);
  const problems: ProviderProblem[] = [];
  const invalid: ProviderProblem[] = [];
  let done = 0;
  const { signal } = options;
  const plans = await mapOwners(owners, concurrency, signal, async (each): Promise<OwnerPlan> => {
    const planned = await planOwner(each, createPlanApi(client, each.owner), context, operation);
    problems.push(...planned.problems);
    invalid.push(...planned.invalid);
    const { owner } = each;
    notify(() => onProgress?.({ phase: "plan", owner, done: ++done, total: owners.length }));
    return planned.plan;
  });
  throwIfAny("invalid", "the desired state", invalid);
  throwIfAny("not_expressible", "the plan", problems);
  return { version: 1, owners: plans };
}

/** Returns the owners of a desired state. Throws if the state is invalid by itself. */
export function checked(desired: DesiredState): DesiredOwner[] {
  const problems = findDesiredStateProblems(desired);
  if (problems.length > 0) {
    throw new ProviderError({ reason: "invalid", about: "the desired state", problems });
  }
  return listOwners(desired);
}

/** Creates the context in which owners are planned. */
export async function contextOf(
  client: PlanClient,
  owners: readonly DesiredOwner[],
  { rotate = false, state }: PlanOptions,
): Promise<PlanContext> {
  const named = new Set(rotate === true || rotate === false ? [] : rotate);
  throwIfAny("invalid", "the options", rotationProblems(named, owners));
  return {
    client,
    state: await readApplyState(state),
    fingerprints: await createFingerprinter(state?.key),
    rotates: (id, name) => rotate === true || named.has(id) || named.has(name),
  };
}

/**
 * Returns a problem for each name in `rotate` that selects no secret. Otherwise the caller would believe that a secret was
 * rotated.
 */
function rotationProblems(
  named: ReadonlySet<string>,
  owners: readonly DesiredOwner[],
): ProviderProblem[] {
  const listed = owners.flatMap(({ desired }) =>
    desired.providers.filter((each): each is DesiredProvider => !isAbsent(each)),
  );
  return [...named].flatMap((name) => {
    const meant = listed.filter((each) => each.id === name || each.name === name);
    const message =
      meant.length === 0
        ? `the desired state has no provider with the name or id ${name}`
        : meant.every((each) => writeOnlyValues(splitEntry(each).settings).length === 0)
          ? `the desired state has no secret for ${name}`
          : undefined;
    return message === undefined ? [] : [{ path: ["rotate"], message }];
  });
}
