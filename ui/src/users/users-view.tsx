import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import {
  emulatorQuery,
  providersQuery,
  type UserEntry,
  usersQuery,
} from "../control/control-queries.js";

/** Lists the service users with their roles, and the humans with their accounts at providers. */
export function UsersView(): ReactElement {
  const users = useQuery(usersQuery);
  const emulator = useQuery(emulatorQuery);
  const providers = useQuery(providersQuery);
  const owners = new Map([
    [emulator.data?.instanceId ?? "", "the instance"],
    ...(emulator.data?.organizations ?? []).map(({ id, name }) => [id, name] as const),
  ]);
  const providerNames = new Map(providers.data?.map(({ id, name, type }) => [id, name || type]));
  const ofType = (type: UserEntry["type"]): readonly UserEntry[] =>
    (users.data ?? []).filter((user) => user.type === type);
  return (
    <>
      <ErrorMessage error={users.error ?? emulator.error ?? providers.error} />
      <section aria-labelledby="humans-heading">
        <h2 id="humans-heading">People</h2>
        {users.isSuccess && ofType("human").length === 0 && (
          <p className="help">
            There are no people. The member <code>humans</code> of a seed adds some.
          </p>
        )}
        <ul className="entries">
          {ofType("human").map((user) => (
            <li key={user.id}>
              <UserHeading user={user} owners={owners} />
              {user.links?.length === 0 && <p className="help">No linked accounts</p>}
              <ul>
                {user.links?.map(({ idpId, userId, userName }) => (
                  <li key={`${idpId} ${userId}`}>
                    {providerNames.get(idpId) ?? `Provider ${idpId}, deleted`}:{" "}
                    {userName ? `${userName} (ID ${userId})` : `ID ${userId}`}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="services-heading">
        <h2 id="services-heading">Service users</h2>
        {users.isSuccess && ofType("service").length === 0 && (
          <p className="help">
            There are no service users. The member <code>serviceUsers</code> of a seed adds some.
          </p>
        )}
        <ul className="entries">
          {ofType("service").map((user) => (
            <li key={user.id}>
              <UserHeading user={user} owners={owners} />
              {user.memberships?.length === 0 && <p className="help">No roles</p>}
              <ul>
                {user.memberships?.map(({ ownerId, roles }) => (
                  <li key={ownerId}>
                    {roles.join(", ")} in {owners.get(ownerId) ?? ownerId}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

interface UserHeadingProps {
  readonly user: UserEntry;
  readonly owners: ReadonlyMap<string, string>;
}

function UserHeading({ user, owners }: UserHeadingProps): ReactElement {
  return (
    <div>
      <h3>{user.name}</h3>
      <p className="help">
        ID {user.id}, {owners.get(user.organization) ?? user.organization}
      </p>
    </div>
  );
}
