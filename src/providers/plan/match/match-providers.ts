import type { IdentityProvider } from "../../model/provider.js";
import { toEntryKey, isAbsent, toProviderKey } from "../desired/desired-entry.js";
import type { OwnEntry, DesiredProviders } from "../desired/desired-state.js";
import { describeCandidate, describeIds } from "../labels.js";
import type { CurrentProviders } from "../read-current-providers.js";
import type { ApplyState } from "../state/apply-state.js";
import { createEntryMatcher } from "./entry-matcher.js";
import { findProviderById, findProviderByName } from "./find-entry-provider.js";
import type { MatchResult } from "./match-result.js";
import { resolveRenames } from "./resolve-renames.js";
import { reportSwaps } from "./report-swaps.js";

/**
 * Finds the provider of each entry of one owner: by the `id` of the entry, then by the id that the state has for its type and name, then
 * by type and name. This recognizes renames in the file and on the server. If two explanations are possible, the entry gets a problem
 * that asks for an `id`: a wrong guess would overwrite or delete a provider that users sign in with.
 */
export function matchProviders(
  entries: readonly OwnEntry[],
  current: CurrentProviders,
  known: ApplyState["providers"],
  { prune = false }: Pick<DesiredProviders, "prune">,
): MatchResult[] {
  const matcher = createEntryMatcher();
  const idsInEntries = new Set(entries.flatMap(({ id }) => id ?? []));
  const free = [...current.providers, ...current.halfRemovedIdps].filter(
    ({ id }) => !idsInEntries.has(id),
  );

  const matchByKey = createKeyMatcher(entries, free, known);
  const results = entries.map((entry) =>
    entry.id === undefined ? matchByKey(entry) : findProviderById(entry.id, entry, current),
  );
  const withSwaps = reportSwaps(entries, results, matcher);
  return resolveRenames(entries, withSwaps, { free, known, prune, matcher });
}

/**
 * Creates a function that finds the provider of an entry without an id: by the type and name under which the state recorded the provider,
 * and by its current type and name. `free` contains the providers whose id is in no entry.
 */
function createKeyMatcher(
  entries: readonly OwnEntry[],
  free: readonly IdentityProvider[],
  known: ApplyState["providers"],
): (entry: OwnEntry) => MatchResult {
  const keys = new Set(entries.filter(({ id }) => id === undefined).map(toEntryKey));
  const findStateKey = (provider: IdentityProvider): string | undefined =>
    findRecordedKey(provider, known);
  const byName = groupBy(free, toProviderKey);
  const byState = groupBy(free, findStateKey);
  return (entry) => {
    const key = toEntryKey(entry);
    const named = byName.get(key) ?? [];
    const recorded = byState.get(key) ?? [];
    const [agreed, ...moreAgreed] = recorded.filter((provider) => named.includes(provider));
    if (agreed !== undefined && moreAgreed.length === 0) {
      return { kind: "existing", provider: agreed };
    }
    // Skip a provider that the state recorded under the name of another entry: it was only renamed on the server.
    const others = named.filter((provider) => {
      const before = findStateKey(provider);
      return before === undefined || before === key || !keys.has(before);
    });
    const [renamed] = recorded;
    if (renamed !== undefined && recorded.length === 1 && others.length === 0 && !isAbsent(entry)) {
      return { kind: "existing", provider: renamed };
    }
    if (recorded.length > 0) {
      const why = "an earlier apply recorded it under this name";
      return reportUnclear([...recorded, ...others], why, named);
    }
    if (others.length < named.length) {
      const why =
        "it has this name, but an earlier apply recorded it under the name of another entry";
      return reportUnclear(named, why, []);
    }
    return findProviderByName(entry, entries, free);
  };
}

/** Returns the key under which an earlier `apply` recorded a provider, or undefined if none did. */
function findRecordedKey(
  provider: IdentityProvider,
  known: ApplyState["providers"],
): string | undefined {
  const record = known[provider.id];
  const { type = provider.type, name = provider.name } = record ?? {};
  return record !== undefined && type === provider.type ? toProviderKey({ type, name }) : undefined;
}

function reportUnclear(
  candidates: readonly IdentityProvider[],
  why: string,
  named: readonly IdentityProvider[],
): MatchResult {
  const reasons = [...new Set(candidates)].map(
    (each) => `${describeCandidate(each)}: ${named.includes(each) ? "it has this name now" : why}`,
  );
  return {
    kind: "unclear",
    problem: `it is not clear which provider is meant (${reasons.join("; ")}). Give the entry its id: ${describeIds(candidates)}`,
  };
}

function groupBy(
  providers: readonly IdentityProvider[],
  keyOfProvider: (provider: IdentityProvider) => string | undefined,
): ReadonlyMap<string, readonly IdentityProvider[]> {
  const groups = new Map<string, IdentityProvider[]>();
  for (const provider of providers) {
    const key = keyOfProvider(provider);
    if (key === undefined) {
      continue;
    }
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [provider]);
    } else {
      group.push(provider);
    }
  }
  return groups;
}
