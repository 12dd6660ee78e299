import type { IdentityProvider } from "../model/provider.js";
import type { ProblemPath, ProviderProblem } from "../provider-error.js";
import type { OwnerPlan, PlannedAction } from "./actions.js";
import { isAbsent, isInstanceEntry } from "./desired/desired-entry.js";
import type { DesiredEntry, DesiredOwner, OwnEntry } from "./desired/desired-state.js";
import { matchProviders } from "./match/match-providers.js";
import { getMatchedProvider, type MatchResult } from "./match/match-result.js";
import { toOwnerPath } from "./owner.js";
import { planInstanceEntry } from "./plan-instance-entry.js";
import {
  type ActionContext,
  type OwnerActionContext,
  type PlannedProvider,
  planProvider,
} from "./plan-provider.js";
import type { CurrentProviders } from "./read-current-providers.js";

/** The plan of one owner, and its problems. */
export interface PlannedOwner {
  readonly plan: OwnerPlan;
  /** The existing providers, by the entries that describe them. */
  readonly matched: ReadonlyMap<DesiredEntry, IdentityProvider>;
  /** The conflicts with the current providers. */
  readonly problems: readonly ProviderProblem[];
  /** The problems of values that are invalid in themselves and that the provider does not have yet. */
  readonly invalid: readonly ProviderProblem[];
}

/** Plans the actions for one owner, or returns the problems that prevent them. Sends nothing. */
export async function planActions(
  { owner, desired }: DesiredOwner,
  current: CurrentProviders,
  context: ActionContext,
): Promise<PlannedOwner> {
  const known = context.state.providers;
  const ownerContext: OwnerActionContext = {
    ...context,
    createLoginPolicy: desired.createLoginPolicy,
  };
  const adds = { instanceEntries: context.instanceEntries, known };
  const ownEntries = desired.providers.filter(
    (entry): entry is OwnEntry => !isInstanceEntry(entry),
  );
  const results = matchProviders(ownEntries, current, known, desired);
  const matches = new Map(ownEntries.map((entry, index) => [entry, results[index]]));
  const entries: PlannedEntry[] = [];
  for (const [index, entry] of desired.providers.entries()) {
    const planned = isInstanceEntry(entry)
      ? planInstanceEntry(entry, desired, current, adds)
      : await planOwnEntry(entry, matches.get(entry) ?? { kind: "new" }, current, ownerContext);
    entries.push(locateProblems(planned, [...toOwnerPath(owner), "providers", index]));
  }

  const matched = new Map(
    ownEntries.flatMap((entry) => {
      const provider = getMatchedProvider(matches.get(entry));
      return provider === undefined ? [] : [[entry, provider] as const];
    }),
  );
  const listedIds = new Set([...matched.values()].map(({ id }) => id));
  const unlisted = current.providers.filter(({ id }) => !listedIds.has(id));
  const pruned = desired.prune ? unlisted.filter(({ id }) => known[id]?.made === true) : [];
  const deletions = pruned.map((provider) => createDeletion(provider, "pruned"));
  const actions = entries.flatMap((entry) => entry.actions);
  return {
    plan: {
      owner,
      actions: orderActions([...actions, ...deletions], current),
      unchanged: entries.filter(({ isUnchanged }) => isUnchanged).length,
      unmanaged: unlisted.length - pruned.length,
      alreadyAbsent: ownEntries.filter((entry) => isAbsent(entry) && !matched.has(entry)).length,
    },
    matched,
    problems: entries.flatMap(({ problems }) => problems),
    invalid: entries.flatMap(({ invalid }) => invalid),
  };
}

/** The plan of one entry. */
interface PlannedEntry extends PlannedProvider {
  /** True if the entry describes a provider that is as it should be. */
  readonly isUnchanged: boolean;
}

/** Plans the actions for an entry of a provider that the owner owns. */
async function planOwnEntry(
  entry: OwnEntry,
  match: MatchResult,
  current: CurrentProviders,
  context: OwnerActionContext,
): Promise<PlannedEntry> {
  const nothing: PlannedEntry = { actions: [], problems: [], invalid: [], isUnchanged: false };
  if (match.kind === "unclear" || (match.kind === "missing" && !isAbsent(entry))) {
    return { ...nothing, problems: [{ path: [], message: match.problem }] };
  }
  const provider = getMatchedProvider(match);
  if (isAbsent(entry)) {
    // A provider that is listed as absent and does not exist needs no action.
    const halves = current.migratedIdps.filter(({ id }) => id === provider?.id);
    const actions = provider === undefined ? [] : [provider, ...halves];
    return { ...nothing, actions: actions.map((each) => createDeletion(each, "absent")) };
  }
  const planned = await planProvider(entry, provider, current, context);
  return { ...planned, isUnchanged: planned.actions.length === 0 };
}

/** Adds the location of an entry to its problems. */
function locateProblems(entry: PlannedEntry, location: ProblemPath): PlannedEntry {
  const locate = ({ path, message }: ProviderProblem): ProviderProblem => ({
    path: [...location, ...path],
    message,
  });
  return {
    ...entry,
    problems: entry.problems.map(locate),
    invalid: entry.invalid.map(locate),
  };
}

function createDeletion(
  { id, type, name, sequence }: IdentityProvider,
  reason: "absent" | "pruned",
): PlannedAction {
  return { action: "delete", provider: { type, name, id }, sequence, reason };
}

/**
 * Returns the actions in the order in which they are carried out: adds and updates, the login policy if the organization needs
 * one of its own, activations, deletions.
 */
function orderActions(
  actions: readonly PlannedAction[],
  { hasInheritedPolicy }: CurrentProviders,
): PlannedAction[] {
  const ofKind = (...kinds: PlannedAction["action"][]): PlannedAction[] =>
    actions.filter(({ action }) => kinds.includes(action));
  const activations = ofKind("activate", "deactivate");
  const needsPolicy = activations.length > 0 && hasInheritedPolicy;
  return [
    ...ofKind("create", "update"),
    ...(needsPolicy ? [{ action: "create-login-policy" as const }] : []),
    ...activations,
    ...ofKind("delete"),
  ];
}
