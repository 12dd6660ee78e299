import type { IdentityProvider } from "../../model/provider.js";
import { isAbsent } from "../desired/desired-entry.js";
import type { OwnEntry, DesiredProvider } from "../desired/desired-state.js";
import { describeCandidate } from "../labels.js";
import type { EntryMatcher } from "./entry-matcher.js";
import { getMatchedProvider, type MatchResult } from "./match-result.js";

/** An entry whose settings differ from those of its provider. */
interface ChangedEntry {
  readonly entry: DesiredProvider;
  readonly provider: IdentityProvider;
}

/**
 * Reports entries that describe the provider of another entry: in the file, either their names or all their settings were swapped.
 */
export function reportSwaps(
  entries: readonly OwnEntry[],
  results: readonly MatchResult[],
  matcher: EntryMatcher,
): MatchResult[] {
  const changedEntries = entries.map((entry, index) =>
    toChangedEntry(entry, getMatchedProvider(results[index]), matcher),
  );
  return results.map((result, index): MatchResult => {
    const own = changedEntries[index];
    const other = own && changedEntries.find((each) => describesOtherProvider(own, each, matcher));
    return own === undefined || other === undefined
      ? result
      : {
          kind: "unclear",
          problem: `it describes ${describeCandidate(other.provider)} under the name of ${describeCandidate(own.provider)}. Were the names swapped, or the settings? Give each entry the id of its provider`,
        };
  });
}

function toChangedEntry(
  entry: OwnEntry,
  provider: IdentityProvider | undefined,
  matcher: EntryMatcher,
): ChangedEntry | undefined {
  return isAbsent(entry) ||
    entry.id !== undefined ||
    provider === undefined ||
    matcher(entry, provider) === "same"
    ? undefined
    : { entry, provider };
}

/** Returns true if an entry describes the provider of another entry. */
function describesOtherProvider(
  { entry, provider }: ChangedEntry,
  other: ChangedEntry | undefined,
  matcher: EntryMatcher,
): boolean {
  return (
    other !== undefined &&
    other.provider !== provider &&
    other.provider.type === provider.type &&
    matcher(entry, other.provider) === "same"
  );
}
