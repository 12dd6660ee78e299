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
            There are no people. Add some with <code>humans</code> in the seed.
          </p>
        )}
        <ul className="entries">
          {ofType("human").map((user) => (
            <li key={user.id}>
              <UserHeading user={user} owners={owners} />
              <LinkedAccounts links={user.links ?? []} providerNames={providerNames} />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="services-heading">
        <h2 id="services-heading">Service users</h2>
        {users.isSuccess && ofType("service").length === 0 && (
          <p className="help">
            There are no service users. Add some with <code>serviceUsers</code> in the seed.
          </p>
        )}
        <ul className="entries">
          {ofType("service").map((user) => (
            <li key={user.id}>
              <UserHeading user={user} owners={owners} />
              <Roles memberships={user.memberships ?? []} owners={owners} />
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

interface LinkedAccountsProps {
  readonly links: NonNullable<UserEntry["links"]>;
  readonly providerNames: ReadonlyMap<string, string>;
}

function LinkedAccounts({ links, providerNames }: LinkedAccountsProps): ReactElement {
  if (links.length === 0) {
    return <p className="help">No linked accounts</p>;
  }
  return (
    <ul>
      {links.map(({ idpId, userId, userName }) => (
        <li key={`${idpId} ${userId}`}>
          {providerNames.get(idpId) ?? `Provider ${idpId}, deleted`}:{" "}
          {userName ? `${userName} (ID ${userId})` : `ID ${userId}`}
        </li>
      ))}
    </ul>
  );
}

interface RolesProps {
  readonly memberships: NonNullable<UserEntry["memberships"]>;
  readonly owners: ReadonlyMap<string, string>;
}

function Roles({ memberships, owners }: RolesProps): ReactElement {
  if (memberships.length === 0) {
    return <p className="help">No roles</p>;
  }
  return (
    <ul>
      {memberships.map(({ ownerId, roles }) => (
        <li key={ownerId}>
          {roles.join(", ")} in {owners.get(ownerId) ?? ownerId}
        </li>
      ))}
    </ul>
  );
}
