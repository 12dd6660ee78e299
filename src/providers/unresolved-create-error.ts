import type { IDP, IDPLoginPolicyLink, LoginPolicy, Provider } from "../idp.js";

/**
 * The reason why an object is not taken for the one that a call created.
 *
 * - `several`: created since the call began, and so were others with the same content.
 * - `earlier`: created before the call began.
 * - `known`: existed before the call, according to the caller.
 * - `undated`: the time of creation cannot be compared with the call, because the server's clock was not visible.
 * - `different`: occupies the place that the call needed, such as a unique name, with other content.
 */
export type CandidateReason = "several" | "earlier" | "known" | "undated" | "different";

/** An object that a call may have created, or that prevented the call from creating its own. */
export interface Candidate {
  readonly id: string;
  /** The object as it was read. */
  readonly object: Provider | IDP | IDPLoginPolicyLink | LoginPolicy;
  /** The time of creation, by the server's clock. Undefined for links, which have no date. */
  readonly createdAt: Date | undefined;
  readonly reason: CandidateReason;
}

/** The content of an `UnresolvedCreateError`. */
export interface UnresolvedCreateInit {
  readonly method: string;
  readonly candidates: readonly Candidate[];
  readonly timeoutMs: number;
  /** The error of the reads, if they failed. */
  readonly cause?: unknown;
  /** The error of the call, if the same operation sent it. It becomes the `cause`, before the error of the reads. */
  readonly call?: unknown;
}

/**
 * The response of a call that creates something was lost, and reads do not show what it created. Check the objects in
 * `candidates`.
 *
 * The messages contain ids and dates, but nothing of the request.
 */
export class UnresolvedCreateError extends Error {
  /** The method of the client, e.g. `addGoogleProvider`. */
  readonly method: string;
  /** The objects that the call may have created, in the order of creation. */
  readonly candidates: readonly Candidate[];
  /** The outcome of the call: always `unknown`. */
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
