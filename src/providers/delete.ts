import { Code } from "@connectrpc/connect";
import type { ManagementClient } from "../management.js";
import { isZitadelError } from "../policy/zitadel-error.js";
import { countLinkedUsers, type Users } from "./linked-users.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner.js";
import { ProviderError } from "./provider-error.js";
import { readOwn } from "./read.js";
import { refuse } from "./writable.js";

/** What `delete` takes. */
export interface DeleteOptions extends OperationOptions {
  /**
   * Users to ask about, one call each: with any that has an account at the provider, the call fails with reason `linked_users`, and
   * says how many. ZITADEL itself cannot list the users of a provider.
   */
  readonly users?: Users | undefined;
  /** Deletes it with users linked, or with nobody knowing. Their links stay, and lead nowhere. Default: false. */
  readonly evenIfLinked?: boolean | undefined;
}

/** What became of it. */
export interface DeleteResult {
  readonly id: string;
  readonly name: string;
  /** How many of `users` are linked; absent if there were none to ask about. */
  readonly linkedUsers?: number;
  /** Whether the owner's login page offered it. */
  readonly wasActive: boolean;
}

/** Deletes a provider. Its links in login policies go with it. */
export async function deleteProvider(
  api: OwnerApi,
  management: ManagementClient,
  id: string,
  { users, evenIfLinked = false, ...limits }: DeleteOptions = {},
): Promise<DeleteResult> {
  const operation = begin(limits);
  const about = `deletion of provider ${id}`;
  const { model } = await readOwn(api, id, operation);
  if (model.type === "legacyOidc" || model.type === "legacyJwt") {
    const method = api.owner === "org" ? "management.removeOrgIDP" : "admin.removeIDP";
    const message = `it is a legacy IDP, of which DeleteProvider leaves half behind: use ${method}`;
    refuse("read_only", about, [{ path: [], message }]);
  }
  const count = users && (await countLinkedUsers(management, id, users, operation));
  if (!evenIfLinked) {
    refuse("linked_users", about, linkedUsersProblem(count));
  }
  const { links } = await api.policyLinks(operation.call());
  try {
    await api.remove(id, operation.call());
  } catch (cause) {
    if (isZitadelError(cause, Code.NotFound) && (await isStillThere(api, id, operation))) {
      const message = `ZITADEL refuses to delete providers of type ${model.type}: it says that there is none`;
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

function linkedUsersProblem(count: { linked: number; asked: number } | undefined) {
  // A list without users tells nothing: most likely it could not be made.
  if (count?.linked === 0 && count.asked > 0) {
    return [];
  }
  const message =
    count === undefined || count.asked === 0
      ? "ZITADEL cannot tell who has an account there: give users to ask about, or evenIfLinked: true"
      : `${count.linked} of ${count.asked} users have an account there and could not sign in with it any more; evenIfLinked: true deletes it all the same`;
  return [{ path: [], message }];
}

async function isStillThere(
  api: OwnerApi,
  id: string,
  operation: ReturnType<typeof begin>,
): Promise<boolean> {
  try {
    await api.get(id, operation.call());
    return true;
  } catch {
    return false;
  }
}
