import type { CallOptions } from "@connectrpc/connect";
import type { AdminClient } from "../admin.js";
import type { ManagementClient } from "../management.js";
import { isOutcomeUnknown } from "../policy/zitadel-error.js";
import type { AddMethod, RequestOf } from "./adds.js";
import { resolveCreate } from "./resolve-create.js";

/**
 * Adds something, and gives its id. If the answer is lost, it finds out what became of it: nothing is made twice, and nothing is
 * reported as failed that is there.
 */
export async function addOrFind<
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
    if (!isOutcomeUnknown(error)) {
      throw error;
    }
    const { timeoutMs, signal } = options;
    return (
      await resolveCreate(client, method, request, { since: error.startedAt, timeoutMs, signal })
    ).id;
  }
}
