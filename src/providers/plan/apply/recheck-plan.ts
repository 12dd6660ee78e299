import { advice } from "../../../zitadel/advice-phrases.js";
import { optionText } from "../../../utils/option-text.js";
import { createProblem, type ProviderProblem, throwIfAny } from "../../provider-error.js";
import type { OwnerPlan, Plan, PlannedAction } from "../actions.js";
import { mapOwners } from "../map-owners.js";
import type { DesiredOwner } from "../desired/desired-state.js";
import { isSameOwner, toOwnerPath } from "../owner.js";
import { createPlanApi, type PlanContext } from "../plan-context.js";
import { defaultConcurrency, type PlanOptions } from "../plan-options.js";
import { listMetadataDifferences, type MetadataLoader } from "../plan-metadata-refresh.js";
import { planOwner, type PlannedOwnerWithReads } from "../plan-owner.js";
import { createProgressReporter } from "../progress.js";
import { recordProviders, removePendingOfOwner } from "../state/state-changes.js";
import type { StateJournal } from "../state/state-journal.js";
import { hasNewSecretDates } from "./has-new-secret-dates.js";
import { findStaleActions } from "./stale-actions.js";

/** The actions of one owner that are still necessary. */
export interface OwnerActions {
  readonly desiredOwner: DesiredOwner;
  readonly actions: readonly PlannedAction[];
  /** The providers of the entries that no update changes. */
  readonly settled: PlannedOwnerWithReads["matched"];
  /** The ids of the providers that existed when the plan was checked. */
  readonly known: ReadonlySet<string>;
}

/** The longest lag of lists behind a write: several times the worst measurement (116 ms). */
const maxListLagAfterRunMs = 500;

/**
 * Plans each owner again, and returns the actions of a plan that are still necessary. Throws a `ProviderError` with the reason
 * `stale_plan` if one of them was not planned. Skips an owner without planned actions, unless the state lacks dates of its secrets.
 */
export async function recheckPlan(
  plan: Plan,
  context: PlanContext,
  journal: StateJournal,
  options: PlanOptions,
): Promise<OwnerActions[]> {
  const { onProgress, concurrency = defaultConcurrency, signal, state } = options;
  const needsDates = ({ owner }: OwnerPlan): boolean =>
    state !== undefined &&
    context.owners.some(
      (each) => isSameOwner(each.owner, owner) && hasNewSecretDates(each, journal.current),
    );
  const ownerPlans = plan.owners.filter((each) => each.actions.length > 0 || needsDates(each));
  const report = createProgressReporter(onProgress, "check", ownerPlans.length);
  const problems: ProviderProblem[] = [];
  const checked = await mapOwners(ownerPlans, concurrency, signal, async (ownerPlan) => {
    const { owner } = ownerPlan;
    const desiredOwner = context.owners.find((each) => isSameOwner(each.owner, owner));
    if (desiredOwner === undefined) {
      const message = optionText`is in the plan, but not in ${advice.desiredState}`;
      problems.push(createProblem(toOwnerPath(owner), message));
      return undefined;
    }
    const current = await planOwnerAgain(ownerPlan, desiredOwner, context, journal, {
      hasState: state !== undefined,
    });
    const { known, plan: currentPlan, invalid, problems: conflicts } = current;
    const isPlanned = ownerPlan.actions.length > 0;
    const actions = isPlanned ? currentPlan.actions : [];
    if (isPlanned) {
      problems.push(...invalid, ...conflicts, ...findStaleActions(ownerPlan, actions));
    }
    report(owner);
    return { desiredOwner, actions, known, settled: omitUpdated(current) };
  });
  throwIfAny("stale_plan", "the plan", problems);
  return checked.filter((each) => each !== undefined);
}

/** Plans an owner from the current providers. Records the results of adds that an earlier run began in the state. */
async function planOwnerAgain(
  ownerPlan: OwnerPlan,
  desiredOwner: DesiredOwner,
  context: PlanContext,
  journal: StateJournal,
  { hasState }: { readonly hasState: boolean },
): Promise<PlannedOwnerWithReads> {
  const { owner } = ownerPlan;
  // The plan itself shows which secrets to send again, so `options.rotate` need not repeat them.
  const rotated = new Set(ownerPlan.actions.flatMap(listRotatedIds));
  const rotates: PlanContext["rotates"] = (id, name) =>
    rotated.has(id) || context.rotates(id, name);
  const loadMetadata = createPlannedLoader(ownerPlan, context.loadMetadata);
  const planContext = { ...context, state: journal.current, rotates, loadMetadata };
  const planAgain = async (): Promise<PlannedOwnerWithReads> =>
    await planOwner(desiredOwner, createPlanApi(context.client, owner), planContext);

  let planned = await planAgain();
  if (!hasState && planned.plan.actions.some(({ action }) => action === "create")) {
    // No state shows which providers an earlier run has added, and lists may not show them yet.
    await context.operation.pause(maxListLagAfterRunMs);
    planned = await planAgain();
  }
  if (journal.current.pending.some((add) => isSameOwner(add.owner, owner))) {
    await journal.change((state) =>
      removePendingOfOwner(recordProviders(state, planned.state.providers), owner),
    );
  }
  return planned;
}

/**
 * Creates a loader of metadata for the second plan. It loads metadata only for updates in the plan, and returns the metadata of the plan
 * if the URL still serves metadata of the same meaning. `apply` therefore sends only planned metadata that the URL confirms.
 */
function createPlannedLoader({ actions }: OwnerPlan, load: MetadataLoader): MetadataLoader {
  const planned = new Map(actions.flatMap(listPlannedMetadata));
  return async (metadataUrl, providerId) => {
    const metadata = planned.get(providerId);
    if (metadata === undefined) {
      return undefined;
    }
    const loaded = await load(metadataUrl, providerId);
    if (loaded === undefined) {
      throw new Error(
        "the plan has new metadata from this URL, so apply needs the option refresh (--refresh) too",
      );
    }
    return listMetadataDifferences(metadata, loaded).length === 0 ? metadata : loaded;
  };
}

/** Returns the metadata that an action gives to a provider, with the id of the provider. */
function listPlannedMetadata(action: PlannedAction): [string, string][] {
  return action.action === "update"
    ? action.changes
        .filter(({ field }) => field === "metadataXml")
        .map(({ to }) => [action.provider.id, String(to)])
    : [];
}

/** Returns the providers of the entries that no update changes. */
function omitUpdated({ matched, plan }: PlannedOwnerWithReads): OwnerActions["settled"] {
  const updated = new Set(
    plan.actions.flatMap((each) => (each.action === "update" ? [each.provider.id] : [])),
  );
  return new Map([...matched].filter(([, { id }]) => !updated.has(id)));
}

/** Returns the id of the provider whose secrets an action sends again. */
function listRotatedIds(action: PlannedAction): string[] {
  return action.action === "update" && Object.values(action.secrets).includes("rotate")
    ? [action.provider.id]
    : [];
}
