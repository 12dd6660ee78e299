import type { Seen, Sight } from "./search-created-objects.js";
import type { ServerClock } from "./server-clock.js";
import type { Candidate, CandidateReason } from "./unresolved-create-error.js";

/** The objects that a search found, divided into those that the call certainly created and all others. */
export interface Judgement {
  readonly own: readonly Seen[];
  readonly others: readonly Candidate[];
  readonly cause?: unknown;
}

/** Classifies objects of which only one can exist: a matching object counts, no matter who created it. */
export function takeAny({ same, different }: Sight): Judgement {
  return { own: same, others: different.map((each) => candidate(each, "different")) };
}

/**
 * Classifies objects that others may have created too: a matching object counts only if it is new, by the server's clock or by
 * the ids in `known`.
 */
export function byTime(
  since: Date,
  known: ReadonlySet<string> | undefined,
  clock: ServerClock,
): (sight: Sight) => Judgement {
  return ({ same, different }) => {
    const notBefore = clock.earliest(since);
    const reasonAgainst = ({ id, createdAt }: Seen): CandidateReason | undefined => {
      if (known?.has(id)) {
        return "known";
      }
      if (notBefore === undefined || createdAt === undefined) {
        return known === undefined ? "undated" : undefined;
      }
      return createdAt < notBefore ? "earlier" : undefined;
    };
    const own = same.filter((each) => reasonAgainst(each) === undefined);
    const others = same.flatMap((each) => {
      const reason = reasonAgainst(each);
      return reason === undefined ? [] : [candidate(each, reason)];
    });
    return { own, others: [...others, ...different.map((each) => candidate(each, "different"))] };
  };
}

/** Creates a candidate from an object that a search found. */
export function candidate(seen: Seen, reason: CandidateReason): Candidate {
  return { ...seen, reason };
}
