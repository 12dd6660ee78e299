import { isProviderType } from "../../model/field-specs.js";
import type { IdentityProvider } from "../../model/provider.js";
import { isAbsent } from "../desired/desired-entry.js";
import type { OwnEntry, DesiredProvider } from "../desired/desired-state.js";
import { describeCandidate, describeIds } from "../labels.js";
import type { ApplyState } from "../state/apply-state.js";
import type { EntryMatcher } from "./entry-matcher.js";
import { getMatchedProvider, type MatchResult } from "./match-result.js";
import { sort } from "../../../utils/sort.js";

/** The input of the search for renames. */
interface RenameContext {
  /** The providers whose id is in no entry. */
  readonly free: readonly IdentityProvider[];
  readonly known: ApplyState["providers"];
  readonly prune: boolean;
  readonly matcher: EntryMatcher;
}

/**
 * Recognizes renames in the file. An entry without a provider is a rename if it alone describes a provider that an earlier `apply`
 * recorded and the file no longer lists. If such a provider is only similar to the entry, or would be pruned, the entry gets a problem
 * that asks whether the provider was renamed.
 */
export function resolveRenames(
  entries: readonly OwnEntry[],
  results: readonly MatchResult[],
  context: RenameContext,
): MatchResult[] {
  const unlisted = findUnlistedProviders(results, context);
  const newEntries = entries.filter(
    (entry, index): entry is DesiredProvider =>
      !isAbsent(entry) && entry.id === undefined && results[index]?.kind === "new",
  );
  const renames = findCertainRenames(newEntries, unlisted, context.matcher);
  const renamed = new Set(renames.values());
  const notRenamed = unlisted.filter((provider) => !renamed.has(provider));
  const uncertain = new Map<OwnEntry, readonly IdentityProvider[]>(
    newEntries.map((entry) => [entry, findPossibleRenames(entry, notRenamed, context)]),
  );
  return entries.map((entry, index): MatchResult => {
    const rename = renames.get(entry);
    const candidates = uncertain.get(entry) ?? [];
    return rename !== undefined
      ? { kind: "existing", provider: rename }
      : candidates.length > 0
        ? { kind: "unclear", problem: askAboutRename(candidates) }
        : (results[index] ?? { kind: "new" });
  });
}

/** Returns the providers that an earlier `apply` recorded and that belong to no entry, in a fixed order. */
function findUnlistedProviders(
  results: readonly MatchResult[],
  { free, known }: RenameContext,
): IdentityProvider[] {
  const matched = new Set(results.map(getMatchedProvider));
  const unlisted = free.filter(
    (each) => known[each.id] !== undefined && isProviderType(each.type) && !matched.has(each),
  );
  return sort(unlisted, (a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns the providers by the entries that describe them, where an entry and a provider fit only each other. */
function findCertainRenames(
  newEntries: readonly DesiredProvider[],
  unlisted: readonly IdentityProvider[],
  matcher: EntryMatcher,
): ReadonlyMap<OwnEntry, IdentityProvider> {
  const described = newEntries.map((entry) =>
    unlisted.filter((provider) => matcher(entry, provider) === "same"),
  );
  const counts = new Map<IdentityProvider, number>();
  for (const provider of described.flat()) {
    counts.set(provider, (counts.get(provider) ?? 0) + 1);
  }
  return new Map(
    newEntries.flatMap((entry, index) => {
      const [only, ...more] = described[index] ?? [];
      return only !== undefined && more.length === 0 && counts.get(only) === 1
        ? [[entry, only] as const]
        : [];
    }),
  );
}

/** Returns the providers that an entry may be a new name for. */
function findPossibleRenames(
  entry: DesiredProvider,
  unlisted: readonly IdentityProvider[],
  { known, prune, matcher }: RenameContext,
): IdentityProvider[] {
  return unlisted.filter(
    (provider) =>
      provider.type === entry.type &&
      (matcher(entry, provider) !== "different" || (prune && known[provider.id]?.made === true)),
  );
}

function askAboutRename(candidates: readonly IdentityProvider[]): string {
  return `it may be a new name for ${candidates.map(describeCandidate).join(" or ")}, which an earlier apply recorded and the list no longer contains. To rename that provider, give this entry its id (${describeIds(candidates)}); to add a new provider, list the old one too, or list it as absent to delete it`;
}
