import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { countLinkedUsers, type LinkedUserCount, type Users } from "./count-linked-users.js";
import { deleteOwnProvider } from "./delete-own-provider.js";
import { type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi, Services } from "./owner-api.js";
import { createProblem, type ProviderProblem, throwIfAny } from "./provider-error.js";
import { readMigratedIdp } from "./read-migrated-idp.js";
import { describeDeletion, describeLegacyRemoval, readToDelete } from "./read-to-delete.js";
import { removeLegacyIdp } from "./remove-legacy-idp.js";
import { runAfterWrite } from "./run-after-write.js";

/** The options of `delete`. */
export interface DeleteOptions extends OperationOptions {
  /**
   * The users to check, with one or two calls for each. If any of them has an account at the provider, `delete` fails with the reason
   * `linked_users` and the number of linked users. ZITADEL itself cannot list the users of a provider.
   */
  readonly users?: Users | undefined;
  /**
   * Deletes the provider even if users are linked to it, or if no `users` were checked. ZITADEL keeps the links of the users, which
   * then have no effect, except those to a provider that was a legacy IDP before a migration. Default: false.
   */
  readonly evenIfLinked?: boolean | undefined;
}

/** The result of `delete`. */
export interface DeleteResult {
  /** The id of the deleted provider. */
  readonly id: string;
  /** The name of the deleted provider. */
  readonly name: string;
  /** The number of linked users among `users`. Absent if `users` was left out. */
  readonly linkedUsers?: number | undefined;
  /** True if the provider was active on the owner's login page. */
  readonly wasActive: boolean;
}

/**
 * Deletes a provider. ZITADEL also removes its links from login policies. If the provider was a legacy IDP before a migration, also
 * removes its legacy record, which would keep the name of the legacy IDP in use.
 */
export async function deleteProvider(
  api: OwnerApi,
  client: Services,
  id: string,
  { users, evenIfLinked = false, ...operationOptions }: DeleteOptions = {},
): Promise<DeleteResult> {
  const operation = startOperation(operationOptions);
  const about = describeDeletion(id);
  const model = await readToDelete(api, id, operation);
  const count = users && (await countLinkedUsers(client, id, users, operation));
  if (!evenIfLinked) {
    throwIfAny("linked_users", about, findLinkedUsersProblem(count));
  }
  const migratedIdp = await readMigratedIdp(api, model, operation);
  const { links } = await api.readPolicyLinks(operation.callOptions());
  await deleteOwnProvider(api, model, operation);
  if (migratedIdp !== undefined) {
    const next = `The legacy IDP that it was before a migration may be left: ${describeLegacyRemoval(api, id)}`;
    await runAfterWrite({ about, id, done: "the provider was deleted", next }, async () => {
      await removeLegacyIdp(api, id, operation);
    });
  }
  return {
    id,
    name: model.name,
    ...(count && { linkedUsers: count.linked }),
    wasActive: links.some(({ idpId }) => idpId === id),
  };
}

function findLinkedUsersProblem(count: LinkedUserCount | undefined): ProviderProblem[] {
  // Reject an empty list: most likely the caller failed to load the users.
  if (count?.linked === 0 && count.checked > 0) {
    return [];
  }
  const message =
    count === undefined || count.checked === 0
      ? optionText`ZITADEL cannot list the users of a provider: ${advice.passUsers}`
      : optionText`${String(count.linked)} of ${String(count.checked)} users have an account at the provider and could no longer sign in with it; ${advice.evenIfLinked} deletes it anyway`;
  return [createProblem([], message)];
}
