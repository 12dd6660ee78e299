import type { IDP, IDPLoginPolicyLink, LoginPolicy, Provider } from "../idp.js";

/**
 * Why an object is not taken for the one that a call made.
 *
 * - `several`: made since the call began, and so were others with the same content.
 * - `earlier`: made before the call began.
 * - `known`: was there before, by what the caller knows.
 * - `undated`: nobody can tell when it was made, as seen from the call: the server's clock could not be seen.
 * - `different`: it has the place that the call wanted, such as a unique name, with other content.
 */
export type CandidateReason = "several" | "earlier" | "known" | "undated" | "different";

/** An object that may be what a call made, or stands in its way. */
export interface Candidate {
  readonly id: string;
  /** What was read. */
  readonly object: Provider | IDP | IDPLoginPolicyLink | LoginPolicy;
  /** By the server's clock. None for links, which have no date. */
  readonly createdAt: Date | undefined;
  readonly reason: CandidateReason;
}

/** What `UnresolvedCreateError` is made of. */
export interface UnresolvedCreateInit {
  readonly method: string;
  readonly candidates: readonly Candidate[];
  readonly timeoutMs: number;
  /** The error of the reads, if they failed. */
  readonly cause?: unknown;
  /** The error of the call itself, where the same operation made it. It becomes the `cause`, before that of the reads. */
  readonly call?: unknown;
}

/**
 * A call that makes something lost its answer, and reads do not tell what it made. `candidates` has what somebody should look at.
 *
 * The texts hold ids and dates, but nothing of the request.
 */
export class UnresolvedCreateError extends Error {
  /** The method of the client, e.g. `addGoogleProvider`. */
  readonly method: string;
  /** Objects that the call may have made, in the order of creation. */
  readonly candidates: readonly Candidate[];
  /** The answer to "did it happen?": nobody knows. */
  readonly outcome = "unknown";

  constructor({ method, candidates, timeoutMs, cause, call }: UnresolvedCreateInit) {
    const sorted = candidates.toSorted(
      (a, b) => Number(a.createdAt ?? 0) - Number(b.createdAt ?? 0),
    );
    const causes = [call, cause].filter((each) => each !== undefined);
    super(
      explain(method, sorted, timeoutMs, cause),
      causes.length === 0
        ? {}
        : { cause: causes.length === 1 ? causes[0] : new AggregateError(causes, bothFailed) },
    );
    this.name = "UnresolvedCreateError";
    this.method = method;
    this.candidates = sorted;
  }
}

const bothFailed = "the answer to the call was lost, and the search for what it made failed";

function explain(
  method: string,
  candidates: readonly Candidate[],
  timeoutMs: number,
  cause: unknown,
): string {
  const what = `${method}: it is unknown what the call made`;
  if (cause !== undefined && candidates.length === 0) {
    return `${what}, because looking for it failed too (see cause). Do not repeat the call before you have looked.`;
  }
  if (candidates.length === 0) {
    return `${what}: nothing with its content appeared within ${timeoutMs} ms. Most likely it made nothing; but a server that is still at work may yet finish it. Look once more before you repeat the call.`;
  }
  const found = Object.entries(meanings)
    .map(([reason, meaning]) => ({
      meaning,
      of: candidates.filter((each) => each.reason === reason),
    }))
    .filter(({ of }) => of.length > 0)
    .map(({ meaning, of }) => `${of.map(label).join(", ")} ${meaning}`);
  return `${what}. Do not repeat it before you have looked at: ${found.join("; ")}.`;
}

const meanings: Readonly<Record<CandidateReason, string>> = {
  several:
    "(same content, made since the call began; at most one of them is its own, so keep one and delete what nobody uses)",
  undated:
    "(same content, but without the server's date nobody can tell whether it was there before: pass the ids that were as `known`)",
  earlier: "(same content, made before the call began, so not its own)",
  known: "(same content, but it was there before, so not its own)",
  different: "(has its place with other content, so the call most likely made nothing)",
};

function label({ id, createdAt }: Candidate): string {
  return createdAt === undefined ? id : `${id} of ${createdAt.toISOString()}`;
}
