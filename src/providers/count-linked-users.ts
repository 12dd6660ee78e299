import { sort } from "../utils/sort.js";
import { orgIdHeader } from "../policy/org-id-header.js";
import { type CallOptions, Code } from "@connectrpc/connect";
import { isZitadelError } from "../policy/errors/zitadel-error.js";
import { isObject } from "../utils/is-object.js";
import {
  type ArgumentRules,
  findArgumentProblems,
  findOptionProblems,
  textRule,
  throwIfInvalidArguments,
} from "./argument-rules.js";
import type { Operation } from "./operation.js";
import type { Services } from "./owner-api.js";
import { ProviderError, type ProviderProblem, throwIfAny } from "./provider-error.js";
import type { AnyManagementClient } from "./service-clients.js";

/** A user: the user id, and the organization id if the user is not in the client's organization. */
export type UserRef = string | { readonly userId: string; readonly orgId: string };

/** The users to check, which may come from a stream. */
export type Users = Iterable<UserRef> | AsyncIterable<UserRef>;

/** The numbers of checked users, and of linked users among them. */
export interface LinkedUserCount {
  /** The number of users with an account at the provider. */
  readonly linked: number;
  /** The number of users that were checked. */
  readonly checked: number;
}

const concurrentCalls = 8;

/**
 * Counts the users among `users` who have an account at a provider. The API returns the providers of a user, but not the users of a
 * provider, so this takes one call for each user. A user without any account takes a second call, because ZITADEL answers the same for
 * an unknown id. Throws a `ProviderError` that names the unknown ids.
 */
export async function countLinkedUsers(
  client: Services,
  id: string,
  users: Users,
  operation: Operation,
): Promise<LinkedUserCount> {
  let linked = 0;
  let checked = 0;
  const unknown: ProviderProblem[] = [];
  const source = iterateUsers(users);
  const checkNextUsers = async (): Promise<void> => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const user = next.value;
      const index = checked++;
      checkUser(user, index);
      const links = await listLinks(client.management, user, operation);
      if (links.length === 0 && !(await isExistingUser(client, user, operation))) {
        unknown.push(createUnknownUserProblem(user, index));
      } else if (links.includes(id)) {
        linked++;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentCalls }, checkNextUsers));
  throwIfAny("linked_users", "the users to check", limitProblems(unknown));
  return { linked, checked };
}

/** Returns the ids of the providers at which a user has an account. */
async function listLinks(
  management: AnyManagementClient,
  user: UserRef,
  operation: Operation,
): Promise<string[]> {
  const { userId, options } = toUserCall(user, operation);
  const { result } = await management.listHumanLinkedIDPs({ userId }, options);
  return result.map(({ idpId }) => idpId);
}

/** Returns true if the organization has a user with this id. */
async function isExistingUser(
  { transport }: Services,
  user: UserRef,
  operation: Operation,
): Promise<boolean> {
  if (transport === undefined) {
    const message =
      "must have the transport of its services to check users, such as createIdpClient returns";
    throw new ProviderError({
      reason: "linked_users",
      about: "the client",
      problems: [{ path: [], message }],
    });
  }
  // Load the RPCs for operators on demand: pages without this check need no descriptors of them.
  const { createOperatorClient } = await import("../services/operator-client.js");
  const { userId, options } = toUserCall(user, operation);
  try {
    await createOperatorClient(transport).management.getUserByID({ id: userId }, options);
    return true;
  } catch (error) {
    // The code alone can also mean that the caller has no role in the organization.
    if (isZitadelError(error, Code.NotFound) && error.id === unknownUserErrorId) {
      return false;
    }
    throw error;
  }
}

const unknownUserErrorId = "QUERY-Dfbg2";

/** Returns the id of a user, and the options of calls about the user. */
function toUserCall(
  user: UserRef,
  operation: Operation,
): { readonly userId: string; readonly options: CallOptions } {
  const { userId, orgId } = typeof user === "string" ? { userId: user, orgId: undefined } : user;
  const headers = orgId === undefined ? {} : { headers: { [orgIdHeader]: orgId } };
  return { userId, options: { ...operation.callOptions(), ...headers } };
}

function createUnknownUserProblem(user: UserRef, index: number): ProviderProblem {
  const userId = typeof user === "string" ? user : user.userId;
  return {
    path: ["users", index],
    message: `the organization has no user with the id ${JSON.stringify(userId)}`,
  };
}

/** The number of unknown ids that an error names. */
const maxProblems = 10;

/** Returns the first problems in the order of the users, and one with the number of further ones. */
function limitProblems(problems: readonly ProviderProblem[]): readonly ProviderProblem[] {
  const sorted = sort(problems, (a, b) => Number(a.path[1]) - Number(b.path[1]));
  const others = sorted.length - maxProblems;
  return others > 0
    ? [...sorted.slice(0, maxProblems), { path: ["users"], message: `and ${others} more` }]
    : sorted;
}

async function* iterateUsers(users: Users): AsyncGenerator<UserRef, void, undefined> {
  yield* users;
}

const userRefRules: ArgumentRules = { userId: textRule, orgId: textRule };

/** Throws a `ProviderError` for a user without an id, who would otherwise count as not linked. */
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
