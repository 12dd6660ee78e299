import { isProviderType } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import type { ApplyState } from "./apply-state.js";
import {
  type AbsentProvider,
  describeProvider,
  type DesiredOwner,
  type DesiredProvider,
  isAbsent,
  splitEntry,
} from "./desired-state.js";
import { createEntryMatcher, type EntryMatcher } from "./entry-matcher.js";
import { findEntryProvider, type MatchProblem, type ProviderMatch } from "./find-entry-provider.js";

type Listed = DesiredProvider | AbsentProvider;

/**
 * Finds the provider of each entry of one owner: by the `id` of the entry, then by the id that the state knows for its type and
 * name, then by type and name. So a rename in the file or on the server is recognized. If two explanations are possible, the
 * entry gets a problem that asks for an `id`: a wrong guess would overwrite or delete a provider that users sign in with.
 */
export function matchProviders(
  { providers: listed, prune = false }: DesiredOwner["desired"],
  there: readonly IdentityProvider[],
  known: ApplyState["providers"],
): (ProviderMatch | MatchProblem)[] {
  const entries = listed.map((each) => ({
    each,
    key: each.id === undefined ? entryKey(each) : "",
  }));
  const named = new Set(listed.flatMap(({ id }) => id ?? []));
  const free = there.filter(({ id }) => !named.has(id));
  const keys = new Set(entries.map(({ key }) => key));
  const remembered = (provider: IdentityProvider): string | undefined => {
    const record = known[provider.id];
    const { type = provider.type, name = provider.name } = record ?? {};
    return record !== undefined && type === provider.type ? keyOf({ type, name }) : undefined;
  };

  const allByName = grouped(free, keyOf);
  const allByState = grouped(free, remembered);
  const found = entries.map(({ each, key }): ProviderMatch | MatchProblem => {
    if (each.id !== undefined) {
      return findEntryProvider(each, listed, there);
    }
    const byName = allByName.get(key) ?? [];
    const byState = allByState.get(key) ?? [];
    const both = byState.filter((provider) => byName.includes(provider));
    const [agreed] = both;
    if (agreed !== undefined && both.length === 1) {
      return { provider: agreed };
    }
    // Skip a provider that the state knows as another entry: it was only renamed on the server.
    const others = byName.filter((provider) => {
      const before = remembered(provider);
      return before === undefined || before === key || !keys.has(before);
    });
    const [renamed] = byState;
    if (renamed !== undefined && byState.length === 1 && others.length === 0 && !isAbsent(each)) {
      return { provider: renamed };
    }
    return byState.length > 0
      ? unclear([...byState, ...others], "an earlier apply recorded it under this name", byName)
      : others.length < byName.length
        ? unclear(
            byName,
            "it has this name, but an earlier apply recorded it under the name of another entry",
            [],
          )
        : findEntryProvider(each, listed, free);
  });

  const likeness = createEntryMatcher();
  const withSwaps = askAboutSwaps(listed, found, likeness);
  return askAboutRenames(listed, withSwaps, { free, known, prune, likeness });
}

/**
 * Reports entries that each describe the provider of the other. Either their names or all their settings were swapped in the
 * file.
 */
function askAboutSwaps(
  listed: readonly Listed[],
  found: readonly (ProviderMatch | MatchProblem)[],
  likeness: EntryMatcher,
): (ProviderMatch | MatchProblem)[] {
  const moved = (
    index: number,
  ): { entry: DesiredProvider; provider: IdentityProvider } | undefined => {
    const entry = listed[index];
    const provider = providerOf(found[index]);
    return entry === undefined ||
      isAbsent(entry) ||
      entry.id !== undefined ||
      provider === undefined ||
      likeness(entry, provider) === "same"
      ? undefined
      : { entry, provider };
  };
  const all = listed.map((_, index) => moved(index));
  return found.map((each, index) => {
    const own = all[index];
    const other = all.find(
      (candidate) =>
        own !== undefined &&
        candidate !== undefined &&
        candidate !== own &&
        candidate.provider.type === own.provider.type &&
        likeness(own.entry, candidate.provider) === "same",
    );
    return own === undefined || other === undefined
      ? each
      : {
          problem: `it describes ${describe(other.provider)} under the name of ${describe(own.provider)}. Were the names swapped, or the settings? Give each entry the id of its provider`,
          isMissing: false,
        };
  });
}

interface RenameContext {
  /** The providers that no entry names by its id. */
  readonly free: readonly IdentityProvider[];
  readonly known: ApplyState["providers"];
  readonly prune: boolean;
  readonly likeness: EntryMatcher;
}

/**
 * Recognizes renames in the file. An entry without a provider is a rename if it is the only one to describe a certain provider
 * that an earlier `apply` knows and the file no longer lists. If such a provider is merely similar or would be pruned, the
 * entry gets a problem instead.
 */
function askAboutRenames(
  listed: readonly Listed[],
  found: readonly (ProviderMatch | MatchProblem)[],
  { free, known, prune, likeness }: RenameContext,
): (ProviderMatch | MatchProblem)[] {
  const matched = new Set(found.map(providerOf));
  const orphans = free
    .filter(
      (each) => known[each.id] !== undefined && isProviderType(each.type) && !matched.has(each),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const same = new Map<Listed, IdentityProvider[]>();
  const claims = new Map<IdentityProvider, number>();
  for (const [index, each] of listed.entries()) {
    if (!isAbsent(each) && each.id === undefined && isNew(found[index])) {
      const alike = orphans.filter((orphan) => likeness(each, orphan) === "same");
      same.set(each, alike);
      alike.forEach((orphan) => claims.set(orphan, (claims.get(orphan) ?? 0) + 1));
    }
  }
  const renames = new Map<Listed, IdentityProvider>();
  for (const [entry, [only, ...more]] of same) {
    if (only !== undefined && more.length === 0 && claims.get(only) === 1) {
      renames.set(entry, only);
    }
  }
  const renamed = new Set(renames.values());
  return listed.map((each, index): ProviderMatch | MatchProblem => {
    const rename = renames.get(each);
    if (rename !== undefined) {
      return { provider: rename };
    }
    const result = found[index] ?? { provider: undefined };
    const candidates =
      isAbsent(each) || !same.has(each)
        ? []
        : orphans.filter(
            (orphan) =>
              orphan.type === each.type &&
              !renamed.has(orphan) &&
              (likeness(each, orphan) !== "different" || (prune && known[orphan.id]?.made)),
          );
    return candidates.length === 0
      ? result
      : {
          problem: `it may be a new name for ${candidates.map(describe).join(" or ")}, which an earlier apply recorded and the list no longer contains. To rename that provider, give this entry its id (${ids(candidates)}); to add a new provider, list the old one too, or list it as absent to delete it`,
          isMissing: false,
        };
  });
}

function isNew(result: ProviderMatch | MatchProblem | undefined): boolean {
  return result !== undefined && "provider" in result && result.provider === undefined;
}

function providerOf(
  result: ProviderMatch | MatchProblem | undefined,
): IdentityProvider | undefined {
  return result !== undefined && "provider" in result ? result.provider : undefined;
}

function unclear(
  candidates: readonly IdentityProvider[],
  why: string,
  byName: readonly IdentityProvider[],
): MatchProblem {
  const all = [...new Set(candidates)].map(
    (each) => `${describe(each)}: ${byName.includes(each) ? "it has this name now" : why}`,
  );
  return {
    problem: `it is not clear which provider is meant (${all.join("; ")}). Give the entry its id: ${ids(candidates)}`,
    isMissing: false,
  };
}

function describe({ type, name, id, createdAt }: IdentityProvider): string {
  return `${describeProvider(type, name)} (${id}${createdAt === undefined ? "" : `, of ${createdAt.toISOString()}`})`;
}

function grouped(
  providers: readonly IdentityProvider[],
  keyFor: (provider: IdentityProvider) => string | undefined,
): ReadonlyMap<string, IdentityProvider[]> {
  const groups = new Map<string, IdentityProvider[]>();
  for (const each of providers) {
    const key = keyFor(each);
    if (key !== undefined) {
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
  }
  return groups;
}

function ids(candidates: readonly IdentityProvider[]): string {
  return [...new Set(candidates)].map(({ id }) => `id: ${JSON.stringify(id)}`).join(" or ");
}

function entryKey(entry: Listed): string {
  const { type = "" } = entry;
  return keyOf({ type, name: isAbsent(entry) ? (entry.name ?? "") : splitEntry(entry).name });
}

function keyOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return JSON.stringify([type, name]);
}
