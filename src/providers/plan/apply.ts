import { notify } from "../../utils/notify.js";
import { startOperation, type Operation } from "../operation.js";
import type { OwnerReads } from "../owner-reads.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";
import type { OwnerPlan, Plan, PlannedAction } from "./actions.js";
import type { DesiredState, Owner, DesiredOwner } from "./desired-state.js";
import { mapConcurrently, mapOwners } from "./concurrency.js";
import { carryOut } from "./carry-out-actions.js";
import { type Duplicate, findDuplicates } from "./duplicates.js";
import { checkPlan, checkPlanArguments } from "./plan-arguments.js";
import { isSameOwner, planOwner } from "./plan-owner.js";
import { checked, contextOf, type PlanOptions } from "./plan.js";
import { createPlanApi, type PlanClient, type PlanContext } from "./plan-actions.js";
import { ownerPath, findStaleActions } from "./stale-plan.js";
import { openStateJournal, type StateJournal } from "./apply-state.js";

/** The options of `apply`, which are the same as those of `plan`. */
export type ApplyOptions = PlanOptions;

/** The result of one action. */
export interface ActionResult {
  readonly owner: Owner;
  readonly action: PlannedAction;
  /** The status. `skipped` means that an earlier action of the same owner failed, so this one was not attempted. */
  readonly status: "done" | "failed" | "skipped";
  /** The id of the provider, also of one that was just added. */
  readonly id?: string;
  readonly error?: unknown;
  /** Reasons why the action has no effect that users see, e.g. because the login policy shows no providers. */
  readonly warnings?: readonly string[];
}

/** The result of `apply`. */
export interface ApplyResult {
  /** True if all actions were done and there are no duplicates. */
  readonly ok: boolean;
  /** The actions that were still necessary, each with its result. */
  readonly results: readonly ActionResult[];
  /** The providers that another writer added at the same time. Absent if there are none. If there are any, `ok` is false. */
  readonly duplicates?: readonly Duplicate[];
}

const defaultConcurrency = 4;

/**
 * Carries out a plan. `desired` is the state from which the plan was made; it contains the secrets, which a plan does not.
 *
 * First, `apply` reads everything again. If it finds an action that was not planned, it throws a `ProviderError` with the
 * reason `stale_plan`, and sends nothing. Actions that an earlier run has completed are left out, so `apply` can run again
 * after any failure. The actions of one owner run one after the other, and the first failure ends them; other owners continue.
 * Failed actions are in the result.
 *
 * ZITADEL accepts a second provider of the same type and name. So `apply` looks for one right before each add, which then fails
 * with the reason `duplicate`. It looks again at the end: `duplicates` lists the providers that another writer added at the
 * same time. Run only one `apply` at a time for one state store; a run stops when it finds that another run has changed its
 * state.
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
  const { onProgress, concurrency = defaultConcurrency } = options;
  const owners = checked(desired);
  const operation = startOperation(options);
  const context = await contextOf(client, owners, options);
  const journal = await openStateJournal(options.state);

  const planned = plan.owners.filter(({ actions }) => actions.length > 0);
  const problems: ProviderProblem[] = [];
  let done = 0;
  const { signal } = options;
  const work = await mapOwners(
    planned,
    concurrency,
    signal,
    async (each): Promise<Work | undefined> => {
      const wanted = owners.find(({ owner }) => isSameOwner(owner, each.owner));
      if (wanted === undefined) {
        const message = "is in the plan, but not in the desired state";
        problems.push({ path: ownerPath(each.owner), message });
        return undefined;
      }
      const { actions, known } = await remaining(
        each,
        wanted,
        { ...context, journal, operation, isRemembered: options.state !== undefined },
        problems,
      );
      const { owner } = each;
      notify(() => onProgress?.({ phase: "check", owner, done: ++done, total: planned.length }));
      return { wanted, actions, known };
    },
  );
  if (problems.length > 0) {
    throw new ProviderError({ reason: "stale_plan", about: "the plan", problems });
  }

  done = 0;
  const toDo = work.filter((each) => each !== undefined);
  const total = toDo.reduce((sum, { actions }) => sum + actions.length, 0);
  const told = (owner: Owner): void =>
    notify(() => onProgress?.({ phase: "apply", owner, done: ++done, total }));
  const duplicates: Duplicate[] = [];
  const results = await mapConcurrently(toDo, concurrency, async ({ wanted, actions, known }) => {
    const { owner } = wanted;
    const api = createPlanApi(client, owner);
    const outcomes = await carryOut(api, wanted, actions, {
      ...context,
      management: client.management,
      journal,
      operation,
      known,
      onDuplicate: (duplicate) => duplicates.push(duplicate),
      onDone: () => told(owner),
    });
    return await withDuplicates(outcomes, api, known, operation, duplicates);
  });
  const all = results.flat();
  return {
    ok: duplicates.length === 0 && all.every(({ status }) => status === "done"),
    results: all,
    ...(duplicates.length > 0 && { duplicates }),
  };
}

interface Work {
  readonly wanted: DesiredOwner;
  readonly actions: readonly PlannedAction[];
  readonly known: ReadonlySet<string>;
}

/** Looks for duplicates of the providers that were added for one owner: another run may have added them at the same time. */
async function withDuplicates(
  results: ActionResult[],
  api: OwnerReads,
  known: ReadonlySet<string>,
  operation: Operation,
  duplicates: Duplicate[],
): Promise<ActionResult[]> {
  const made = results.flatMap(({ action, id, owner }) =>
    action.action === "create" && id !== undefined ? [{ ...action.provider, id, owner }] : [],
  );
  const [first] = made;
  if (first === undefined) {
    return results;
  }
  try {
    duplicates.push(...(await findDuplicates(api, first.owner, made, known, operation)));
    return results;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const warning = `could not check for a provider of the same name that another run may have added: ${why}`;
    return results.map((each) =>
      each.action.action === "create" && each.id !== undefined
        ? { ...each, warnings: [...(each.warnings ?? []), warning] }
        : each,
    );
  }
}

type Context = PlanContext & {
  readonly journal: StateJournal;
  readonly operation: Operation;
  /** True if a state store records the adds that an earlier run began. */
  readonly isRemembered: boolean;
};

/** The time that lists may lag behind a write of a run that has just ended: several times the worst measurement (116 ms). */
const trailingMs = 500;

/** Returns the actions of a plan that are still necessary. */
async function remaining(
  planned: OwnerPlan,
  wanted: DesiredOwner,
  context: Context,
  problems: ProviderProblem[],
): Promise<Pick<Work, "actions" | "known">> {
  const { client, journal, operation, isRemembered } = context;
  const { owner } = wanted;
  // The plan contains its rotations, so `options.rotate` need not repeat them.
  const rotated = new Set(planned.actions.flatMap(rotatedBy));
  const rotates: PlanContext["rotates"] = (id, name) =>
    rotated.has(id) || context.rotates(id, name);
  const reading = { ...context, state: journal.current, rotates };
  const look = () => planOwner(wanted, createPlanApi(client, owner), reading, operation);
  let now = await look();
  if (!isRemembered && now.plan.actions.some(({ action }) => action === "create")) {
    await operation.pause(trailingMs);
    now = await look();
  }
  if (journal.current.pending.some((each) => isSameOwner(each.owner, owner))) {
    await journal.change((state) => ({
      providers: { ...state.providers, ...now.state.providers },
      pending: state.pending.filter((each) => !isSameOwner(each.owner, owner)),
    }));
  }
  problems.push(...now.invalid, ...now.problems, ...findStaleActions(planned, now.plan.actions));
  return { actions: now.plan.actions, known: now.known };
}

function rotatedBy(action: PlannedAction): string[] {
  return action.action === "update" && Object.values(action.secrets).includes("rotate")
    ? [action.provider.id]
    : [];
}
