import { notify } from "../../notify.js";
import { begin, type Operation } from "../operation.js";
import type { OwnerReads } from "../owner-reads.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";
import type { OwnerPlan, Plan, PlannedAction } from "./actions.js";
import type { DesiredState, Owner, OwnerDesired } from "./desired.js";
import { forEach, forEachOwner } from "./each.js";
import { carryOut } from "./carry-out.js";
import { type Duplicate, findDuplicates } from "./duplicates.js";
import { checkPlan, checkPlanArguments } from "./plan-arguments.js";
import { isSameOwner, planFromReads } from "./plan-from-reads.js";
import { checked, contextOf, type PlanOptions } from "./plan.js";
import { apiOf, type PlanClient, type PlanContext } from "./plan-owner.js";
import { pathOf, staleness } from "./stale.js";
import { openState, type StateJournal } from "./state.js";

/** What `apply` takes: the same as `plan`. */
export type ApplyOptions = PlanOptions;

/** What became of one action. */
export interface ActionResult {
  readonly owner: Owner;
  readonly action: PlannedAction;
  /** `skipped`: not tried, because one before it failed. */
  readonly status: "done" | "failed" | "skipped";
  /** The id of the provider, of an add too. */
  readonly id?: string;
  readonly error?: unknown;
  /** Why it has no effect that users see, e.g. of a provider on a login page that shows none. */
  readonly warnings?: readonly string[];
}

/** What became of a plan. */
export interface ApplyResult {
  /** Whether everything is done. */
  readonly ok: boolean;
  /** Each action that was still to be done. */
  readonly results: readonly ActionResult[];
  /** Providers that somebody else made at the same time; absent if there are none. With some, `ok` is false. */
  readonly duplicates?: readonly Duplicate[];
}

const defaultConcurrency = 4;

/**
 * Carries out a plan. `desired` is the state from which the plan was made; it has the secrets, which no plan holds.
 *
 * First it looks at everything once more: if there is anything to do that was not planned, it fails with reason `stale_plan`, and
 * nothing is sent. What an earlier run has done already is left out, so that it can be run again after any failure. For one owner,
 * actions are done one after the other, and the first that fails ends them; other owners go on. What failed is in the result.
 *
 * ZITADEL accepts a second provider of the same type and name. So `apply` looks for one right before each add, which then fails with
 * reason `duplicate`, and once more at the end: `duplicates` has those that somebody else added at the same time. Let only one
 * `apply` run at a time for one state store; a run that finds its state changed by another one stops.
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
  const operation = begin(options);
  const context = await contextOf(client, owners, options);
  const journal = await openState(options.state);

  const planned = plan.owners.filter(({ actions }) => actions.length > 0);
  const problems: ProviderProblem[] = [];
  let done = 0;
  const { signal } = options;
  const work = await forEachOwner(
    planned,
    concurrency,
    signal,
    async (each): Promise<Work | undefined> => {
      const wanted = owners.find(({ owner }) => isSameOwner(owner, each.owner));
      if (wanted === undefined) {
        const message = "is in the plan, and not in the desired state";
        problems.push({ path: pathOf(each.owner), message });
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
  const results = await forEach(toDo, concurrency, async ({ wanted, actions, known }) => {
    const { owner } = wanted;
    const api = apiOf(client, owner);
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
  readonly wanted: OwnerDesired;
  readonly actions: readonly PlannedAction[];
  readonly known: ReadonlySet<string>;
}

/** Looks for twins of the providers that were added for one owner: another run may have added the same ones at the same time. */
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
    const warning = `the look for a provider of the same name, which another run may have made, failed: ${why}`;
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
  /** Whether there is a state that tells of adds which an earlier run had begun. */
  readonly isRemembered: boolean;
};

/** How long lists may trail a write of a run that ended just before: several times the worst that was measured (116 ms). */
const trailingMs = 500;

/** The actions of a plan that are still to be done. */
async function remaining(
  planned: OwnerPlan,
  wanted: OwnerDesired,
  context: Context,
  problems: ProviderProblem[],
): Promise<Pick<Work, "actions" | "known">> {
  const { client, journal, operation, isRemembered } = context;
  const { owner } = wanted;
  // What the plan rotates is in it: nobody has to say so twice.
  const rotated = new Set(planned.actions.flatMap(rotatedBy));
  const rotates: PlanContext["rotates"] = (id, name) =>
    rotated.has(id) || context.rotates(id, name);
  const reading = { ...context, state: journal.current, rotates };
  const look = () => planFromReads(wanted, apiOf(client, owner), reading, operation);
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
  problems.push(...now.invalid, ...now.problems, ...staleness(planned, now.plan.actions));
  return { actions: now.plan.actions, known: now.known };
}

function rotatedBy(action: PlannedAction): string[] {
  return action.action === "update" && Object.values(action.secrets).includes("rotate")
    ? [action.provider.id]
    : [];
}
