import { orgIdHeader } from "../policy/org.js";
import type { ManagementClient } from "../services/management.js";
import { isObject } from "../utils/is-object.js";
import {
  type ArgumentRules,
  findArgumentProblems,
  findOptionProblems,
  textRule,
  throwIfInvalidArguments,
} from "./argument-rules.js";
import type { Operation } from "./operation.js";
import type { ProviderProblem } from "./provider-error.js";

/** A user: the user id, and the organization id if the user is not in the client's organization. */
export type UserRef = string | { readonly userId: string; readonly orgId: string };

/** The users to check. They may come from a stream, because they are checked one by one. */
export type Users = Iterable<UserRef> | AsyncIterable<UserRef>;

/** The number of linked users among those that were checked. */
export interface LinkedUserCount {
  readonly linked: number;
  readonly checked: number;
}

const concurrentCalls = 8;

/**
 * Counts the users among `users` who have an account at a provider. The API returns the providers of a user, but not the users
 * of a provider, so this takes one call for each user.
 */
export async function countLinkedUsers(
  management: ManagementClient,
  id: string,
  users: Users,
  operation: Operation,
): Promise<LinkedUserCount> {
  let linked = 0;
  let checked = 0;
  const source = iterateUsers(users);
  const checkNextUsers = async (): Promise<void> => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const user = next.value;
      checkUser(user, checked);
      checked++;
      if (await isLinked(management, id, user, operation)) {
        linked++;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentCalls }, checkNextUsers));
  return { linked, checked };
}

async function isLinked(
  management: ManagementClient,
  id: string,
  user: UserRef,
  operation: Operation,
): Promise<boolean> {
  const { userId, orgId } = typeof user === "string" ? { userId: user, orgId: undefined } : user;
  const headers = orgId === undefined ? {} : { headers: { [orgIdHeader]: orgId } };
  const options = { ...operation.callOptions(), ...headers };
  const { result } = await management.listHumanLinkedIDPs({ userId }, options);
  return result.some(({ idpId }) => idpId === id);
}

async function* iterateUsers(users: Users): AsyncGenerator<UserRef, void, undefined> {
  yield* users;
}

const userRefRules: ArgumentRules = { userId: textRule, orgId: textRule };

/** Rejects a user whose id is missing: otherwise the user would count as "not linked". */
function checkUser(user: UserRef, index: number): void {
  const problems: readonly ProviderProblem[] = !isObject(user)
    ? findArgumentProblems("users", user, textRule)
    : findOptionProblems("users", user, userRefRules, { isStrict: true }).concat(
        findArgumentProblems("userId", "userId" in user ? user.userId : undefined, textRule),
      );
  throwIfInvalidArguments(
    "countLinkedUsers",
    problems.map(({ path, message }) => ({ path: ["users", index, ...path.slice(1)], message })),
  );
}
