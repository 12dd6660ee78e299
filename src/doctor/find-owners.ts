import type { Operation } from "../providers/operation.js";
import type { Owner } from "../providers/plan/owner.js";
import { createOperatorClient } from "../services/operator-client.js";
import type { DiagnoseClient } from "./diagnose-client.js";
import { isForbidden } from "./is-forbidden.js";

/** An owner, with its name if it is an organization whose name is known. */
export interface NamedOwner {
  readonly owner: Owner;
  readonly name?: string | undefined;
}

/** The number of owners that are read at the same time. */
export const maxConcurrentOwners = 8;

const pageSize = 500;

/**
 * Lists all owners that the caller may read: the instance and every organization for a caller with `iam.read`, otherwise the
 * organization of the client.
 */
export async function findOwners(
  { transport }: DiagnoseClient,
  operation: Operation,
): Promise<NamedOwner[]> {
  const { admin } = createOperatorClient(transport);
  const owners: NamedOwner[] = [{ owner: { owner: "instance" } }];
  try {
    for (let offset = 0; ; offset += pageSize) {
      const query = { offset: BigInt(offset), limit: pageSize, asc: true };
      const { result } = await admin.listOrgs({ query }, operation.callOptions());
      owners.push(
        ...result.map(({ id, name }) => ({ owner: { owner: "org" as const, orgId: id }, name })),
      );
      if (result.length < pageSize) {
        return owners;
      }
    }
  } catch (error) {
    if (isForbidden(error)) {
      return [{ owner: { owner: "org" } }];
    }
    throw error;
  }
}
