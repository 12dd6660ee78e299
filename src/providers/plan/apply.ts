import { notify } from "../../notify.js";
import { begin, type Operation } from "../operation.js";
import { ProviderError, type ProviderProblem } from "../provider-error.js";
import type { OwnerPlan, Plan, PlannedAction } from "./actions.js";
import type { DesiredState, Owner, OwnerDesired } from "./desired.js";
import { forEach } from "./each.js";
import { carryOut } from "./carry-out.js";
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
}

const defaultConcurrency = 4;

/**
 * Carries out a plan. `desired` is what it was made from, and has the secrets, which no plan holds.
 *
 * First it looks at everything once more: if there is anything to do that was not planned, it fails with reason `stale_plan`, and
 * nothing is sent. What an earlier run has done already is left out, so that it can be run again after any failure. For one owner,
 * actions are done one after the other, and the first that fails ends them; other owners go on. What failed is in the result.
 */
export async function apply(
  client: PlanClient,
  plan: Plan,
  desired: DesiredState,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const { onProgress, concurrency = defaultConcurrency } = options;
  checkVersion(plan);
  const owners = checked(desired);
  const operation = begin(options);
  const context = await contextOf(client, owners, options);
  const journal = await openState(options.state);

  const planned = plan.owners.filter(({ actions }) => actions.length > 0);
  const problems: ProviderProblem[] = [];
  let done = 0;
  const work = await forEach(planned, concurrency, async (each): Promise<Work> => {
    const wanted = owners.find(({ owner }) => isSameOwner(owner, each.owner));
    if (wanted === undefined) {
      const message = "is in the plan, and not in the desired state";
      problems.push({ path: pathOf(each.owner), message });
      return { each, actions: [], wanted };
    }
    const actions = await remaining(
      each,
      wanted,
      { ...context, journal, operation, isRemembered: options.state !== undefined },
      problems,
    );
    const { owner } = each;
    notify(() => onProgress?.({ phase: "check", owner, done: ++done, total: planned.length }));
    return { each, actions, wanted };
  });
  if (problems.length > 0) {
    throw new ProviderError({ reason: "stale_plan", about: "the plan", problems });
  }

  done = 0;
  const total = work.reduce((sum, { actions }) => sum + actions.length, 0);
  const told = (owner: Owner): void =>
    notify(() => onProgress?.({ phase: "apply", owner, done: ++done, total }));
  const results = await forEach(work, concurrency, async ({ each: { owner }, actions, wanted }) =>
    wanted === undefined
      ? []
      : await carryOut(apiOf(client, owner), wanted, actions, {
          ...context,
          management: client.management,
          journal,
          operation,
          onDone: () => told(owner),
        }),
  );
  const all = results.flat();
  return { ok: all.every(({ status }) => status === "done"), results: all };
}

interface Work {
  readonly each: OwnerPlan;
  readonly wanted: OwnerDesired | undefined;
  readonly actions: readonly PlannedAction[];
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
): Promise<readonly PlannedAction[]> {
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
  problems.push(...now.problems, ...staleness(planned, now.plan.actions));
  return now.plan.actions;
}

function rotatedBy(action: PlannedAction): string[] {
  return action.action === "update" && Object.values(action.secrets).includes("rotate")
    ? [action.provider.id]
    : [];
}

function checkVersion({ version, owners }: Plan): void {
  if (version !== 1 || !Array.isArray(owners)) {
    const message = "is not one of version 1, which this zitadel-idp makes";
    throw new ProviderError({
      reason: "invalid",
      about: "the plan",
      problems: [{ path: [], message }],
    });
  }
}
