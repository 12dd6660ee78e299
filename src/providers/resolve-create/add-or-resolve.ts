import type { CallOptions } from "@connectrpc/connect";
import { isZitadelError, type ZitadelError } from "../../policy/errors/zitadel-error.js";
import type { AdminClient } from "../../services/admin.js";
import type { ManagementClient } from "../../services/management.js";
import type { AddMethod, RequestOf } from "./add-methods.js";
import { defaultSearchTimeoutMs, resolveCreate } from "./resolve-create.js";
import { UnresolvedCreateError } from "./unresolved-create-error.js";

/**
 * Adds an object and returns its id. If the response is lost, searches for the object that the call created. So nothing is
 * created twice, and an existing object is never reported as failed. If the search fails for any reason, throws an
 * `UnresolvedCreateError`.
 */
export async function addOrResolve<
  Client extends ManagementClient | AdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  options: CallOptions,
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
    return await resolveLostAdd(client, method, request, error, options);
  }
}

async function resolveLostAdd<
  Client extends ManagementClient | AdminClient,
  Method extends AddMethod<Client>,
>(
  client: Client,
  method: Method,
  request: RequestOf<Client, Method>,
  lost: ZitadelError,
  { timeoutMs, signal }: CallOptions,
): Promise<string> {
  try {
    const since = lost.startedAt;
    return (await resolveCreate(client, method, request, { since, timeoutMs, signal })).id;
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
