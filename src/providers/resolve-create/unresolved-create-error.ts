import type { IDP, IDPLoginPolicyLink, LoginPolicy, Provider } from "../../services/idp.js";
import { sort } from "../../utils/sort.js";

/**
 * The reason why an object does not count as the one that a call created.
 *
 * - `several`: several objects with the same content were created since the call began.
 * - `earlier`: the object was created before the call began.
 * - `known`: the object existed before the call, according to the caller.
 * - `undated`: the age of the object is unknown, because no response showed the server's clock.
 * - `different`: an object with other content occupies the place that the call needed, such as a unique name.
 */
export type CandidateReason = "several" | "earlier" | "known" | "undated" | "different";

/** An object that a call may have created, or that prevented the call from creating its own. */
export interface Candidate {
  /** The id of the object. */
  readonly id: string;
  /** The object as it was read. */
  readonly object: Provider | IDP | IDPLoginPolicyLink | LoginPolicy;
  /** The time of creation, by the server's clock. Undefined for links, which have no date. */
  readonly createdAt: Date | undefined;
  /** The reason why the object does not count as the one that the call created. */
  readonly reason: CandidateReason;
}

/** The content of an `UnresolvedCreateError`. */
export interface UnresolvedCreateInit {
  readonly method: string;
  readonly candidates: readonly Candidate[];
  readonly timeoutMs: number;
  /** The error of the reads, if they failed. */
  readonly cause?: unknown;
  /** The error of the call, if the same operation made the call. In the `cause`, it precedes the error of the reads. */
  readonly call?: unknown;
}

/**
 * The error of a call that creates an object, if its response was lost and reads do not show what it created. Check the objects in
 * `candidates`. The message contains ids and dates, but no content of the request.
 */
export class UnresolvedCreateError extends Error {
  /** The method of the client, e.g. `addGoogleProvider`. */
  readonly method: string;
  /** The objects that the call may have created, in the order of creation. */
  readonly candidates: readonly Candidate[];
  /** The outcome of the call: always `unknown`. */
  readonly outcome = "unknown";

  constructor({ method, candidates, timeoutMs, cause, call }: UnresolvedCreateInit) {
    const sorted = sort(candidates, (a, b) => Number(a.createdAt ?? 0) - Number(b.createdAt ?? 0));
    const causes = [call, cause].filter((each) => each !== undefined);
    super(
      composeMessage(method, sorted, timeoutMs, cause),
      causes.length === 0 ? {} : { cause: joinCauses(causes) },
    );
    this.name = "UnresolvedCreateError";
    this.method = method;
    this.candidates = sorted;
  }
}

/** Returns an AggregateError of several causes. Returns the first where that class is missing (Hermes before React Native 0.84). */
function joinCauses(causes: readonly unknown[]): unknown {
  return causes.length === 1 || typeof AggregateError === "undefined"
    ? causes[0]
    : new AggregateError(causes, bothFailed);
}

const bothFailed =
  "the response of the call was lost, and the search for the created object failed";

function composeMessage(
  method: string,
  candidates: readonly Candidate[],
  timeoutMs: number,
  cause: unknown,
): string {
  const summary = `${method}: it is unknown what the call created`;
  if (cause !== undefined && candidates.length === 0) {
    return `${summary}, because the search for it failed too (see cause). Check before you send the call again.`;
  }
  if (candidates.length === 0) {
    return `${summary}: no object with its content appeared within ${timeoutMs} ms. Most likely it created nothing, but a server that is still processing the call may create it later. Check again before you send the call again.`;
  }
  const found = Object.entries(reasonTexts)
    .map(([reason, meaning]) => ({
      meaning,
      of: candidates.filter((each) => each.reason === reason),
    }))
    .filter(({ of }) => of.length > 0)
    .map(({ meaning, of }) => `${of.map(formatCandidate).join(", ")} ${meaning}`);
  return `${summary}. Before you send the call again, check: ${found.join("; ")}.`;
}

const reasonTexts: Readonly<Record<CandidateReason, string>> = {
  several:
    "(same content, created since the call began; at most one of them comes from the call, so keep one and delete those that nobody uses)",
  undated:
    "(same content, but no response had the server's time in its headers `expires` or `date`, so it may have existed before the call: pass the ids that existed before as `known`)",
  earlier: "(same content, but created before the call began, so not by the call)",
  known: "(same content, but it existed before the call)",
  different:
    "(an object with other content is already in its place, so the call most likely created nothing)",
};

function formatCandidate({ id, createdAt }: Candidate): string {
  return createdAt === undefined ? id : `${id} created at ${createdAt.toISOString()}`;
}
