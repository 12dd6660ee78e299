import { advice } from "../utils/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { Code } from "@connectrpc/connect";
import { isZitadelError } from "../policy/errors/zitadel-error.js";
import { countLinkedUsers, type LinkedUserCount, type Users } from "./count-linked-users.js";
import { isLegacyType } from "./model/legacy-types.js";
import { type Operation, type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi, Services } from "./owner-api.js";
import {
  createProblem,
  ProviderError,
  type ProviderProblem,
  throwIfAny,
} from "./provider-error.js";
import { readToChange } from "./read-to-change.js";

/** The options of `delete`. */
export interface DeleteOptions extends OperationOptions {
  /**
   * The users to check, with one or two calls for each. If any of them has an account at the provider, `delete` fails with the reason
   * `linked_users` and the number of linked users. ZITADEL itself cannot list the users of a provider.
   */
  readonly users?: Users | undefined;
  /**
   * Deletes the provider even if users are linked to it, or if no `users` were checked. ZITADEL keeps the links of the users, which
   * then have no effect. Default: false.
   */
  readonly evenIfLinked?: boolean | undefined;
}

/** The result of `delete`. */
export interface DeleteResult {
  readonly id: string;
  readonly name: string;
  /** The number of linked users among `users`. Absent if `users` was left out. */
  readonly linkedUsers?: number | undefined;
  /** True if the provider was active on the owner's login page. */
  readonly wasActive: boolean;
}

/** Deletes a provider. ZITADEL removes its links from login policies too. */
export async function deleteProvider(
  api: OwnerApi,
  client: Services,
  id: string,
  { users, evenIfLinked = false, ...operationOptions }: DeleteOptions = {},
): Promise<DeleteResult> {
  const operation = startOperation(operationOptions);
  const about = `deletion of provider ${id}`;
  const { model } = await readToChange(api, id, about, operation);
  if (isLegacyType(model.type)) {
    const method = api.owner === "org" ? "management.removeOrgIDP" : "admin.removeIDP";
    const message = `it is a legacy IDP, which DeleteProvider removes only in part: list { absent: true, id: "${id}" } in a file for plan and apply, or call ${method}`;
    throw new ProviderError({ reason: "read_only", about, problems: [{ path: [], message }] });
  }
  const count = users && (await countLinkedUsers(client, id, users, operation));
  if (!evenIfLinked) {
    throwIfAny("linked_users", about, findLinkedUsersProblem(count));
  }
  const { links } = await api.readPolicyLinks(operation.callOptions());
  try {
    await api.remove(id, operation.callOptions());
  } catch (cause) {
    if (isZitadelError(cause, Code.NotFound) && (await stillExists(api, id, operation))) {
      const message = `ZITADEL does not delete providers of type ${model.type}: it reports that the provider does not exist`;
      throw new ProviderError({
        reason: "not_expressible",
        about,
        problems: [{ path: [], message }],
        cause,
      });
    }
    throw cause;
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

async function stillExists(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    await api.get(id, operation.callOptions());
    return true;
  } catch {
    return false;
  }
}
