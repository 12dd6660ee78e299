import type { CallOptions } from "@connectrpc/connect";
import { isZitadelError, type ZitadelError } from "../../policy/errors/zitadel-error.js";
import type { AnyAdminClient, AnyManagementClient } from "../service-clients.js";
import type { AddMethod, RequestOf } from "./add-methods.js";
import { defaultSearchTimeoutMs, resolveCreate } from "./resolve-create.js";
import { UnresolvedCreateError } from "./unresolved-create-error.js";

/**
 * Adds an object and returns its id. If the response is lost, searches for the object that the call created, so that the caller does not
 * create a second one. Throws an `UnresolvedCreateError` if the search finds nothing certain or fails.
 *
 * `known` contains the ids of similar objects that existed right before the call. With these ids, the search does not need the server's
 * clock.
 */
export async function addOrResolve<
  Client extends AnyManagementClient | AnyAdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  options: CallOptions,
  known?: ReadonlySet<string>,
): Promise<string> {
  const add = client[method] as (
    request: RequestOf<Client, Method>,
    options: CallOptions,
  ) => Promise<{ id?: string }>;
  try {
    return (await add(request, options)).id ?? "";
  } catch (error) {
    if (!isZitadelError(error) || error.outcome !== "unknown") {
      throw error;
    }
    return await resolveLostAdd(client, method, request, { error, known }, options);
  }
}

/** An add whose response was lost. */
interface LostAdd {
  readonly error: ZitadelError;
  /** The ids of similar objects that existed before. */
  readonly known: ReadonlySet<string> | undefined;
}

async function resolveLostAdd<
  Client extends AnyManagementClient | AnyAdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  { error: lost, known }: LostAdd,
  { timeoutMs, signal }: CallOptions,
): Promise<string> {
  try {
    const since = lost.startedAt;
    return (await resolveCreate(client, method, request, { since, known, timeoutMs, signal })).id;
  } catch (error) {
    if (signal?.aborted) {
      // The caller aborted. Throw the error of the add: the search only reads, so its error would have the outcome `not_done`.
      throw lost;
    }
    const { candidates, cause } =
      error instanceof UnresolvedCreateError ? error : { candidates: [], cause: error };
    throw new UnresolvedCreateError({
      method,
      candidates,
      timeoutMs: timeoutMs ?? defaultSearchTimeoutMs,
      cause,
      call: lost,
    });
  }
}
