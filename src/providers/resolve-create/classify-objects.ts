import type { FoundObject, SearchResult } from "./object-search.js";
import type { ServerClock } from "./server-clock.js";
import type { Candidate, CandidateReason } from "./unresolved-create-error.js";

/** The objects that a search found: those that the call certainly created, and all others. */
export interface ObjectClassification {
  readonly created: readonly FoundObject[];
  readonly others: readonly Candidate[];
  /** The error of the search, if it failed. */
  readonly cause?: unknown;
}

/** Classifies the objects of a search for an object that can exist only once: a match counts, no matter who created it. */
export function acceptAny({ same, different }: SearchResult): ObjectClassification {
  return { created: same, others: different.map((each) => toCandidate(each, "different")) };
}

/**
 * Creates a function that classifies objects that other writers may have created too: a matching object counts only if it is new, by the
 * server's clock or because its id is not in `known`.
 */
export function createTimeClassifier(
  since: Date,
  known: ReadonlySet<string> | undefined,
  clock: ServerClock,
): (result: SearchResult) => ObjectClassification {
  return ({ same, different }) => {
    const notBefore = clock.earliest(since);
    const findReasonAgainst = ({ id, createdAt }: FoundObject): CandidateReason | undefined => {
      if (known?.has(id)) {
        return "known";
      }
      if (notBefore === undefined || createdAt === undefined) {
        return known === undefined ? "undated" : undefined;
      }
      return createdAt < notBefore ? "earlier" : undefined;
    };
    const created = same.filter((each) => findReasonAgainst(each) === undefined);
    const others = same.flatMap((each) => {
      const reason = findReasonAgainst(each);
      return reason === undefined ? [] : [toCandidate(each, reason)];
    });
    return {
      created,
      others: [...others, ...different.map((each) => toCandidate(each, "different"))],
    };
  };
}

/** Creates a candidate from an object that a search found. */
export function toCandidate(object: FoundObject, reason: CandidateReason): Candidate {
  return { ...object, reason };
}
