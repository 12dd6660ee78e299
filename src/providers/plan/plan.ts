import { notify } from "../../notify.js";
import { begin, type OperationOptions } from "../operation.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";
import { refuse } from "../writable.js";
import type { OwnerPlan, Plan } from "./actions.js";
import {
  type DesiredProvider,
  type DesiredState,
  desiredProblems,
  isAbsent,
  type Owner,
  type OwnerDesired,
  ownersOf,
  partsOf,
} from "./desired.js";
import { writtenValues } from "./compare.js";
import { forEachOwner } from "./each.js";
import { checkPlanArguments } from "./plan-arguments.js";
import { planFromReads } from "./plan-from-reads.js";
import { apiOf, type PlanClient, type PlanContext } from "./plan-owner.js";
import { fingerprinter, readState, type StateOptions } from "./state.js";

/** What is told while it goes on. */
export interface Progress {
  readonly phase: "plan" | "check" | "apply";
  readonly owner: Owner;
  /** How many owners are done, of how many; in the phase `apply` how many actions. */
  readonly done: number;
  readonly total: number;
}

/** What `plan` takes beside the desired state. */
export interface PlanOptions extends OperationOptions {
  /** Providers, by id or name, whose secrets are sent again; `true` for all that the desired state gives. Default: none. */
  readonly rotate?: readonly string[] | boolean | undefined;
  /** What `apply` remembers from one run to the next. Without it, secrets of providers that are there stay as they are. */
  readonly state?: StateOptions | undefined;
  /** How many owners are worked on at the same time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Called as the work goes on. What it throws, or a promise of it that is rejected, is ignored. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const defaultConcurrency = 4;

/**
 * Compares providers as they should be with those that are there, and sends no write. For each owner it makes one request per 200
 * providers, one more if there are any of OIDC or JWT (of which some may be legacy IDPs), one if the desired state says what the
 * login page offers, and one for each provider that would be changed or deleted.
 *
 * Fails with a `ProviderError` that has all problems with their places: reason `invalid` for what is wrong by itself,
 * `not_expressible` for what does not go together with what is there, and, if there are several owners, `unreadable` for those
 * that could not be read. A value that a provider has already is never wrong.
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
  const operation = begin(options);
  const problems: ProviderProblem[] = [];
  const invalid: ProviderProblem[] = [];
  let done = 0;
  const { signal } = options;
  const plans = await forEachOwner(
    owners,
    concurrency,
    signal,
    async (each): Promise<OwnerPlan> => {
      const planned = await planFromReads(each, apiOf(client, each.owner), context, operation);
      problems.push(...planned.problems);
      invalid.push(...planned.invalid);
      const { owner } = each;
      notify(() => onProgress?.({ phase: "plan", owner, done: ++done, total: owners.length }));
      return planned.plan;
    },
  );
  refuse("invalid", "the desired state", invalid);
  refuse("not_expressible", "the plan", problems);
  return { version: 1, owners: plans };
}

/** The owners of a desired state that is right by itself. */
export function checked(desired: DesiredState): OwnerDesired[] {
  const problems = desiredProblems(desired);
  if (problems.length > 0) {
    throw new ProviderError({ reason: "invalid", about: "the desired state", problems });
  }
  return ownersOf(desired);
}

/** What owners are planned with. */
export async function contextOf(
  client: PlanClient,
  owners: readonly OwnerDesired[],
  { rotate = false, state }: PlanOptions,
): Promise<PlanContext> {
  const named = new Set(rotate === true || rotate === false ? [] : rotate);
  refuse("invalid", "what to rotate", rotationProblems(named, owners));
  return {
    client,
    state: await readState(state),
    fingerprints: await fingerprinter(state?.key),
    rotates: (id, name) => rotate === true || named.has(id) || named.has(name),
  };
}

/** Names that mean nothing: a secret that is not rotated although somebody said so is one that somebody believes to be rotated. */
function rotationProblems(
  named: ReadonlySet<string>,
  owners: readonly OwnerDesired[],
): ProviderProblem[] {
  const listed = owners.flatMap(({ desired }) =>
    desired.providers.filter((each): each is DesiredProvider => !isAbsent(each)),
  );
  return [...named].flatMap((name) => {
    const meant = listed.filter((each) => each.id === name || each.name === name);
    const message =
      meant.length === 0
        ? `the desired state has no provider with the name or id ${name}`
        : meant.every((each) => writtenValues(partsOf(each).settings).length === 0)
          ? `the desired state has no secret for ${name}`
          : undefined;
    return message === undefined ? [] : [{ path: ["rotate"], message }];
  });
}
