import type { Finding } from "../../lint/finding.js";
import type { DesiredState, IdentityProvider } from "../../providers/index.js";
import { listAllProviders } from "../../providers/list-providers.js";
import type { Operation } from "../../providers/operation.js";
import { mapConcurrently } from "../../utils/map-concurrently.js";
import { toDesiredOwners } from "../../providers/plan/desired/desired-state.js";
import { isSameOwner, type Owner } from "../../providers/plan/owner.js";
import { createPlanApi } from "../../providers/plan/plan-context.js";
import type { DiagnoseClient } from "../diagnose-client.js";
import { findOwners, maxConcurrentOwners, type NamedOwner } from "../find-owners.js";
import { toUnreadableFinding } from "../find-providers.js";
import { isForbidden } from "../is-forbidden.js";

/** An owner with the providers that it owns. */
export interface OwnerProviders extends NamedOwner {
  readonly providers: readonly IdentityProvider[];
}

/** The owners that could be read, and the findings about all other owners. */
interface ReadProviders {
  readonly owners: readonly OwnerProviders[];
  readonly unchecked: readonly Finding[];
}

/**
 * Reads the providers of one owner, or of all owners that the caller may read and those of the desired state. The organization of the
 * client may be in the result twice: with its id, and without an id for the desired state.
 */
export async function readOwners(
  client: DiagnoseClient,
  owner: Owner | undefined,
  desired: DesiredState | undefined,
  operation: Operation,
): Promise<ReadProviders> {
  const found = owner === undefined ? await findOwners(client, operation) : [{ owner }];
  const owners = owner === undefined ? [...found, ...listDesiredOwners(desired, found)] : found;
  const results = await mapConcurrently(
    owners,
    maxConcurrentOwners,
    async (each): Promise<ReadProviders> => {
      try {
        const providers = await listAllProviders(createPlanApi(client, each.owner), operation);
        return { owners: [{ ...each, providers }], unchecked: [] };
      } catch (error) {
        if (isForbidden(error)) {
          return { owners: [], unchecked: [toUnreadableFinding(each, error.rawMessage)] };
        }
        throw error;
      }
    },
  );
  return {
    owners: results.flatMap((each) => each.owners),
    unchecked: results.flatMap((each) => each.unchecked),
  };
}

function listDesiredOwners(
  desired: DesiredState | undefined,
  found: readonly NamedOwner[],
): readonly NamedOwner[] {
  return desired === undefined
    ? []
    : toDesiredOwners(desired)
        .map(({ owner }) => ({ owner }))
        .filter(({ owner }) => !found.some((each) => isSameOwner(each.owner, owner)));
}
