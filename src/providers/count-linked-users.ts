import type { ManagementClient } from "../management.js";
import { orgIdHeader } from "../policy/org.js";
import { checkUser } from "./operation-arguments.js";
import type { Operation } from "./operation.js";

/** A user: the user id, and the organization id if the user is not in the client's organization. */
export type UserRef = string | { readonly userId: string; readonly orgId: string };

/** The users to check. They may come from a stream, because they are checked one by one. */
export type Users = Iterable<UserRef> | AsyncIterable<UserRef>;

/** The number of concurrent calls. */
const inFlight = 8;

/**
 * Counts the users among `users` who have an account at a provider. The API returns the providers of a user, but not the users
 * of a provider, so this takes one call for each user.
 */
export async function countLinkedUsers(
  management: ManagementClient,
  id: string,
  users: Users,
  operation: Operation,
): Promise<{ linked: number; asked: number }> {
  let linked = 0;
  let asked = 0;
  const source = iterate(users);
  const ask = async (): Promise<void> => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      checkUser(next.value, asked);
      const { userId, orgId } =
        typeof next.value === "string" ? { userId: next.value, orgId: undefined } : next.value;
      asked++;
      const headers = orgId === undefined ? {} : { headers: { [orgIdHeader]: orgId } };
      const call = { ...operation.call(), ...headers };
      const { result } = await management.listHumanLinkedIDPs({ userId }, call);
      if (result.some(({ idpId }) => idpId === id)) {
        linked++;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, ask));
  return { linked, asked };
}

async function* iterate(users: Users): AsyncGenerator<UserRef, void, undefined> {
  yield* users;
}
