import type { ManagementClient } from "../management.js";
import { orgIdHeader } from "../policy/org.js";
import { checkUser } from "./operation-arguments.js";
import type { Operation } from "./operation.js";

/** A user: its id, and its organization where that is not the one of the client. */
export type UserRef = string | { readonly userId: string; readonly orgId: string };

/** Users, however many: they are asked about one by one. */
export type Users = Iterable<UserRef> | AsyncIterable<UserRef>;

/** How many are asked about at the same time. */
const inFlight = 8;

/**
 * Counts the users among `users` who have an account at a provider. The API tells the providers of a user, and not the users of a
 * provider: so it takes one call for each.
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
