import type { RsaPublicKey } from "../store/accounts.js";
import type { EmulatorState } from "../store/emulator-state.js";
import { addToEventLog } from "../store/add-to-event-log.js";
import { createEventRecorder } from "../store/event-recorder.js";
import { grantedPermissions } from "../store/granted-permissions.js";
import type { ServiceUser, UserMembership } from "../store/service-user.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { ServiceUserSeed } from "./emulator-seed.js";
import { findOrganization } from "./find-organization.js";
import { readRsaPublicKey } from "./read-rsa-public-key.js";
import { isError } from "../../utils/is-error.js";

/** Adds a service user and its credentials. The first service user is the editor of the events. */
export function seedServiceUser(state: EmulatorState, seed: ServiceUserSeed): void {
  const { name, organization, state: userState = "active", token } = seed;
  const { clientSecret, instanceRoles = [] } = seed;
  const { tokens, accounts, clock } = state;
  const label = `service user ${name}`;
  if (!["active", "inactive"].includes(userState)) {
    throw new TypeError(
      `seed: ${label} has the unknown state ${userState}; it must be active or inactive`,
    );
  }
  const roles = Object.entries(seed.organizationRoles ?? {});
  for (const role of [...instanceRoles, ...roles.flatMap(([, each]) => each)]) {
    if (grantedPermissions[role] === undefined) {
      throw new TypeError(`seed: ${label} has the unknown role ${role}`);
    }
  }
  const rolesByOrganization = roles.map(([org, each]): [StoredOwner, string[]] => [
    findOrganization(state, org, label),
    each,
  ]);
  const memberships: UserMembership[] = [];
  const user: ServiceUser = {
    id: seed.id ?? clock.newId(),
    name,
    displayName: name,
    organization: findOrganization(state, organization, label).id,
    isInactive: userState === "inactive",
    created: { sequence: 1n, at: clock.now() },
    memberships,
  };
  if (accounts.byId.has(user.id)) {
    throw new TypeError(`seed: two service users have the id ${user.id}`);
  }
  if (accounts.byName.has(name)) {
    throw new TypeError(
      `seed: two service users have the name ${name}; the name is also the client id and must be unique`,
    );
  }
  if (clientSecret === "") {
    throw new TypeError(`seed: ${label} has an empty clientSecret; leave it out for none`);
  }
  const account = { user, clientSecret, keys: readPublicKeys(label, seed.keys ?? []) };
  const [{ user: editor } = account] = accounts.byId.values();
  addToEventLog(state.events, [
    {
      ...user.created,
      aggregate: { id: user.id, type: "user", resourceOwner: user.organization },
      editor,
      type: "user.machine.added",
      payload: { userName: name, name },
    },
  ]);
  memberships.push(
    ...addMemberships(state, user, editor, [
      [state.instance, instanceRoles],
      ...rolesByOrganization,
    ]),
  );
  accounts.byId.set(user.id, account);
  accounts.byName.set(name, account);
  if (token !== undefined) {
    if (tokens.has(token)) {
      throw new TypeError(`seed: ${label} has the token of another service user`);
    }
    tokens.set(token, user);
  }
}

/** Grants roles on owners to a user, one event each. Skips owners without roles, and removed organizations. */
function addMemberships(
  state: EmulatorState,
  { id: userId }: ServiceUser,
  editor: ServiceUser,
  rolesByOwner: readonly (readonly [StoredOwner, string[]])[],
): UserMembership[] {
  const { removedOrganizations } = state.accounts;
  return rolesByOwner
    .filter(([owner, roles]) => roles.length > 0 && !removedOrganizations.has(owner.id))
    .map(([owner, roles]) => {
      const recorder = createEventRecorder(state, owner, editor);
      const event = recorder.record("member.added", { userId, roles });
      return { owner: owner.id, roles, event };
    });
}

function readPublicKeys(
  label: string,
  seeds: NonNullable<ServiceUserSeed["keys"]>,
): Map<string, RsaPublicKey> {
  const keys = new Map<string, RsaPublicKey>();
  for (const { id, publicKey } of seeds) {
    if (keys.has(id)) {
      throw new TypeError(`seed: ${label} has two keys with the id ${id}`);
    }
    try {
      keys.set(id, readRsaPublicKey(publicKey));
    } catch (cause) {
      // The message never repeats the key.
      const reason = isError(cause) ? cause.message : String(cause);
      throw new TypeError(`seed: ${label}: the publicKey of the key ${id} ${reason}`, { cause });
    }
  }
  return keys;
}
