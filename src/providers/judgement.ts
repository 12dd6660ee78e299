import type { Seen, Sight } from "./search.js";
import type { ServerClock } from "./server-clock.js";
import type { Candidate, CandidateReason } from "./unresolved-create-error.js";

/** What was seen, divided into what is certainly the call's own and what is not. */
export interface Judgement {
  readonly own: readonly Seen[];
  readonly others: readonly Candidate[];
  readonly cause?: unknown;
}

/** For what has one place: it counts, whoever made it. */
export function takeAny({ same, different }: Sight): Judgement {
  return { own: same, others: different.map((each) => candidate(each, "different")) };
}

/** For what somebody else may have made too: it must be new, by the server's clock or by what is known. */
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

export function candidate(seen: Seen, reason: CandidateReason): Candidate {
  return { ...seen, reason };
}
