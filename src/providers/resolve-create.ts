import { Code, ConnectError, type CallOptions } from "@connectrpc/connect";
import type { AdminClient } from "../admin.js";
import type { ManagementClient } from "../management.js";
import { pause } from "../policy/pause.js";
import type { AddMethod, Made, RequestOf } from "./adds.js";
import {
  argumentProblems,
  isObject,
  iterable,
  limits,
  optionProblems,
  type Rule,
  type Rules,
  text,
} from "./arguments.js";
import { byTime, candidate, takeAny } from "./judgement.js";
import { ownerReads } from "./owner-reads.js";
import { problemText } from "./provider-error.js";
import { searchFor } from "./search.js";
import { createServerClock } from "./server-clock.js";
import type { Given } from "./stored.js";
import { type Candidate, UnresolvedCreateError } from "./unresolved-create-error.js";

/** The options of `resolveCreate`, beside the call itself. */
export interface ResolveCreateOptions {
  /** When the call began, by the local clock: the `startedAt` of its error. */
  readonly since: Date;
  /**
   * Ids of everything that was there before the call, or of what else has the same content: those are not taken. Where
   * the server's clock cannot be seen, as by a page of another origin over plain JSON, nothing is certain without it.
   */
  readonly known?: Iterable<string> | undefined;
  /**
   * How long to look, in milliseconds; once in any case. Lists trail writes (116 ms at worst, when it was measured), and a
   * server may still be at work when the connection is long gone. Default: 5000.
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with each read, such as `x-zitadel-orgid` if the call had one of its own. */
  readonly headers?: HeadersInit | undefined;
}

/** What a call made. */
export interface ResolvedCreate<Object> {
  /** The id as the answer would have had it. Of a link that of the provider, of a login policy that of its organization. */
  readonly id: string;
  /** What was read. */
  readonly object: Object;
}

/**
 * Finds out what became of an Add whose answer was lost. ZITADEL knows no idempotency keys, and a second Add may make a
 * second object; so this only reads. It finds what has exactly the content of the request, apart from secrets, which
 * are never shown.
 *
 * A provider or legacy IDP is taken for the call's own if it was made since the call began, by the server's clock and to
 * about a second, is not `known`, and is the only one of this kind. What cannot be seen: whether it was somebody else who
 * made the very same thing in the same second, while the call itself made nothing. A link and an organization's login
 * policy count as soon as they are there as the request wants them, whoever made them: there is one place for each.
 *
 * Throws an `UnresolvedCreateError` when nothing certain is found in time, or when the reads fail for good, with the error
 * as its cause. Reads that fail in passing are repeated. An abort throws what an aborted call throws.
 *
 * @example
 * try {
 *   await zitadel.management.addGoogleProvider(request);
 * } catch (error) {
 *   if (!isOutcomeUnknown(error)) throw error;
 *   const { id } = await resolveCreate(zitadel.management, "addGoogleProvider", request, { since: error.startedAt });
 * }
 */
export async function resolveCreate<
  Client extends ManagementClient | AdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  options: ResolveCreateOptions,
): Promise<ResolvedCreate<Made<Method>>> {
  checkCall(client, method, request, options);
  const { since, known, timeoutMs = defaultSearchMs, signal, headers } = options;
  const search = searchFor(ownerReads(client), method, request as Given);
  if (search === undefined || !(method in client)) {
    throw new TypeError(`${method} is no method of this client that adds something`);
  }

  const clock = createServerClock();
  const judge = search.shared ? takeAny : byTime(since, known && new Set(known), clock);
  const ends = performance.now() + timeoutMs;
  const unresolved = (candidates: readonly Candidate[], cause?: unknown): UnresolvedCreateError =>
    new UnresolvedCreateError({ method, candidates, timeoutMs, cause });

  let before: string | undefined;
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 2, longestPauseMs)) {
    const call: CallOptions = {
      timeoutMs: Math.max(Math.ceil(ends - performance.now()), leastReadMs),
      onHeader: (received) => clock.observe(received),
      ...(signal && { signal }),
      ...(headers && { headers }),
    };
    const { own, others, cause } = await search.look(call).then(judge, (error: unknown) => {
      if (signal?.aborted) {
        throw error;
      }
      if (!mayPass(error)) {
        throw unresolved([], error);
      }
      return { own: [], others: [], cause: error };
    });
    const isLast = performance.now() + wait > ends;
    const ids = own.map(({ id }) => id).join();
    const [first] = own;
    // One more look, for a twin that was made at about the same time.
    if (first !== undefined && (search.unique || ids === before || isLast)) {
      if (own.length === 1) {
        return { id: first.id, object: first.object as Made<Method> };
      }
      throw unresolved([...own.map((each) => candidate(each, "several")), ...others]);
    }
    // Where there is one place, what has it will keep the call's own from coming.
    if (isLast || (search.unique && others.length > 0)) {
      throw unresolved(others, cause);
    }
    before = ids;
    await pause(wait, signal);
  }
}

/** Throws a TypeError that names the first argument that is wrong. */
function checkCall(client: unknown, method: unknown, request: unknown, options: unknown): void {
  const problems = [
    ...argumentProblems("client", client, anObject),
    ...argumentProblems("method", method, text),
    ...argumentProblems("request", request, anObject),
    ...argumentProblems("options", options, anObject),
    ...optionProblems("options", options, optionRules),
    ...(isObject(options)
      ? argumentProblems("since", "since" in options ? options.since : undefined, date)
      : []),
  ];
  const [first] = problems;
  if (first !== undefined) {
    throw new TypeError(problemText({ ...first, path: first.path.slice(-1) }));
  }
}

const anObject: Rule = (value) => (isObject(value) ? undefined : "must be an object");
const date: Rule = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime())
    ? undefined
    : "must be a valid Date: when the call began";
const optionRules: Rules = {
  ...limits,
  since: date,
  known: iterable,
  headers: (value) =>
    isObject(value) ? undefined : "must be Headers, an object, or a list of pairs",
};

/** Lists trail writes by far less; but a server may still be at work on a call whose connection is gone. */
export const defaultSearchMs = 5000;
const firstPauseMs = 150;
const longestPauseMs = 1000;
/** A read that was begun in time gets at least so long. */
const leastReadMs = 1000;

/** Codes of reads that another try does not mend. */
const final: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.FailedPrecondition,
]);

function mayPass(error: unknown): boolean {
  return error instanceof ConnectError && !final.has(error.code);
}
