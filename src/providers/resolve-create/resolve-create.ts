import { ConnectError } from "@connectrpc/connect";
import { pause } from "../../call/pause.js";
import type { AnyAdminClient, AnyManagementClient } from "../service-clients.js";
import { isObject } from "../../utils/is-object.js";
import {
  type ArgumentRule,
  type ArgumentRules,
  findArgumentProblems,
  findOptionProblems,
  iterableRule,
  objectRule,
  operationOptionRules,
  textRule,
} from "../argument-rules.js";
import type { FieldValues } from "../model/field-specs.js";
import { createOwnerReads } from "../owner-reads.js";
import { formatProblem } from "../provider-error.js";
import type { AddMethod, Made, RequestOf } from "./add-methods.js";
import {
  acceptAny,
  type ObjectClassification,
  createTimeClassifier,
  toCandidate,
} from "./classify-objects.js";
import { isPermanentReadError } from "./is-permanent-read-error.js";
import {
  createObjectSearch,
  type CreatedObjectSearch,
  type FoundObject,
  type SearchResult,
} from "./object-search.js";
import { createServerClock, type ServerClock } from "./server-clock.js";
import { type Candidate, UnresolvedCreateError } from "./unresolved-create-error.js";

/** The options of `resolveCreate`. */
export interface ResolveCreateOptions {
  /** The time at which the call began, by the local clock: the `startedAt` of its error. */
  readonly since: Date;
  /**
   * The ids of objects that existed before the call, which cannot be the new object. Without `known`, the search distinguishes new
   * objects from older ones by the server's clock, which responses show in their headers `expires` and `date`. If a proxy removes both
   * headers, the search needs `known`.
   */
  readonly known?: Iterable<string> | undefined;
  /**
   * The time to search, in milliseconds. The search reads at least once. Lists lag behind writes (116 ms at worst, when
   * measured), and a server may still process a call after its connection is gone. Default: 5000.
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the search early. */
  readonly signal?: AbortSignal | undefined;
  /** The headers of each read. If the call had its own `x-zitadel-orgid`, pass it here too. */
  readonly headers?: HeadersInit | undefined;
}

/** The object that a call created. */
export interface ResolvedCreate<Object> {
  /**
   * The id that the lost response contained. For a link, the id of the provider; for a login policy, the id of its organization.
   */
  readonly id: string;
  /** The object as it was read. */
  readonly object: Object;
}

/**
 * Finds the object that an Add created before its response was lost. ZITADEL has no idempotency keys, and a second Add may create a
 * second object, so this function only reads. It searches for an object with exactly the content of the request, apart from secrets,
 * which reads never return.
 *
 * A provider or legacy IDP counts as created by the call if it meets three conditions: it was created since the call began, by the
 * server's clock and to about a second; it is not in `known`; and it is the only such object. If no response shows the server's clock,
 * `known` alone decides which objects are new. One case cannot be detected: the call created nothing, and another writer created an
 * object with the same content in the same second. A link or an organization's login policy counts as soon as it exists as requested,
 * no matter who created it, because only one can exist.
 *
 * Throws an `UnresolvedCreateError` if nothing certain is found in time, or if a read fails permanently; the error of the read is then
 * its cause. Reads that fail temporarily are retried. After an abort, throws the error of the aborted read.
 *
 * @example
 * try {
 *   await zitadel.management.addGoogleProvider(request);
 * } catch (error) {
 *   if (!isZitadelError(error) || !isOutcomeUnknown(error)) throw error;
 *   const { id } = await resolveCreate(zitadel.management, "addGoogleProvider", request, { since: error.startedAt });
 * }
 */
export async function resolveCreate<
  Client extends AnyManagementClient | AnyAdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  options: ResolveCreateOptions,
): Promise<ResolvedCreate<Made<Method>>> {
  checkResolveCreateArguments(client, method, request, options);
  const { since, known, timeoutMs = defaultSearchTimeoutMs, signal, headers } = options;
  const search = createObjectSearch(createOwnerReads(client), method, request as FieldValues);
  if (search === undefined || !(method in client)) {
    throw new TypeError(`${method} is not an Add method of this client`);
  }

  const clock = createServerClock();
  const classify = search.acceptsAnyCreator
    ? acceptAny
    : createTimeClassifier(since, known && new Set(known), clock);
  const endMs = performance.now() + timeoutMs;
  const createUnresolvedError = (
    candidates: readonly Candidate[],
    cause?: unknown,
  ): UnresolvedCreateError => new UnresolvedCreateError({ method, candidates, timeoutMs, cause });
  const runSearch = async (): Promise<ObjectClassification> => {
    const readTimeoutMs = Math.max(Math.ceil(endMs - performance.now()), minReadTimeoutMs);
    const found = await readOnce(search, clock, { timeoutMs: readTimeoutMs, signal, headers });
    if ("result" in found) {
      return classify(found.result);
    }
    if (isPermanentReadError(found.error)) {
      throw createUnresolvedError([], found.error);
    }
    return { created: [], others: [], cause: found.error };
  };

  const { id, object } = await searchUntilCertain(runSearch, {
    isUnique: search.isUnique,
    endMs,
    signal,
    createUnresolvedError,
  });
  return { id, object: object as Made<Method> };
}

/** The rules of a repeated search. */
interface SearchRules {
  /** True if only one such object can exist. */
  readonly isUnique: boolean;
  /** The time after which no further search begins, on the clock of `performance.now()`. */
  readonly endMs: number;
  readonly signal: AbortSignal | undefined;
  readonly createUnresolvedError: (
    candidates: readonly Candidate[],
    cause?: unknown,
  ) => UnresolvedCreateError;
}

/**
 * Searches until the object that the call created is certain, with longer and longer pauses. Throws an `UnresolvedCreateError` if it is
 * not certain in time.
 */
async function searchUntilCertain(
  runSearch: () => Promise<ObjectClassification>,
  { isUnique, endMs, signal, createUnresolvedError }: SearchRules,
): Promise<FoundObject> {
  let idsBefore: string | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const { created, others, cause } = await runSearch();
    const isLast = performance.now() + pauseMs > endMs;
    const ids = created.map(({ id }) => id).join();
    const [first] = created;
    // Search once more for a duplicate that was created at about the same time.
    if (first !== undefined && (isUnique || ids === idsBefore || isLast)) {
      if (created.length === 1) {
        return first;
      }
      throw createUnresolvedError([
        ...created.map((each) => toCandidate(each, "several")),
        ...others,
      ]);
    }
    // If only one such object can exist, an existing one with other content prevents the call from creating its own.
    if (isLast || (isUnique && others.length > 0)) {
      throw createUnresolvedError(others, cause);
    }
    idsBefore = ids;
    await pause(pauseMs, signal);
  }
}

/** Searches once, and reads the server's clock from the headers. Throws the error of the read after an abort, and returns any other. */
async function readOnce(
  search: CreatedObjectSearch,
  clock: ServerClock,
  { timeoutMs, signal, headers }: Pick<ResolveCreateOptions, "timeoutMs" | "signal" | "headers">,
): Promise<{ readonly result: SearchResult } | { readonly error: unknown }> {
  const options = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    onHeader: (received: Headers) => clock.observe(received),
    ...(signal && { signal }),
    ...(headers && { headers }),
  };
  try {
    return { result: await search.run(options) };
  } catch (error) {
    if (error instanceof ConnectError) {
      clock.observe(error.metadata);
    }
    if (signal?.aborted) {
      throw error;
    }
    return { error };
  }
}

/** Throws a TypeError that names the first invalid argument. */
function checkResolveCreateArguments(
  client: unknown,
  method: unknown,
  request: unknown,
  options: unknown,
): void {
  const problems = [
    ...findArgumentProblems("client", client, objectRule),
    ...findArgumentProblems("method", method, textRule),
    ...findArgumentProblems("request", request, objectRule),
    ...findArgumentProblems("options", options, objectRule),
    ...findOptionProblems("options", options, resolveCreateOptionRules),
    ...(isObject(options)
      ? findArgumentProblems("since", "since" in options ? options.since : undefined, dateRule)
      : []),
  ];
  const [first] = problems;
  if (first !== undefined) {
    throw new TypeError(formatProblem({ ...first, path: first.path.slice(-1) }));
  }
}

const dateRule: ArgumentRule = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime())
    ? undefined
    : "must be a valid Date: the time at which the call began";
const resolveCreateOptionRules: ArgumentRules = {
  ...operationOptionRules,
  since: dateRule,
  known: iterableRule,
  headers: (value) =>
    isObject(value) ? undefined : "must be Headers, an object, or a list of pairs",
};

/**
 * The default time to search. It is far longer than the lag of lists, because a server may still process a call whose connection is gone.
 */
export const defaultSearchTimeoutMs = 5000;
const firstPauseMs = 150;
const longestPauseMs = 1000;
/** The minimum timeout of a read, even if less time is left for the search. */
const minReadTimeoutMs = 1000;
