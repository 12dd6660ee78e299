import type { Account, RsaPublicKey } from "../store/accounts.js";
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
  const label = `service user ${seed.name}`;
  checkServiceUser(seed, label);
  const rolesByOwner = findRolesByOwner(state, seed, label);
  const memberships: UserMembership[] = [];
  const account = createAccount(state, seed, memberships, label);
  const [{ user: editor } = account] = state.accounts.byId.values();
  recordServiceUser(state, account.user, editor);
  memberships.push(...addMemberships(state, account.user, editor, rolesByOwner));
  registerAccount(state, account, seed.token, label);
}

/** The roles of a user on one owner. */
type OwnerRoles = readonly [owner: StoredOwner, roles: string[]];

/** Checks the state and the roles of a service user. */
function checkServiceUser(
  { state = "active", instanceRoles = [], organizationRoles = {} }: ServiceUserSeed,
  label: string,
): void {
  if (!["active", "inactive"].includes(state)) {
    throw new TypeError(
      `seed: ${label} has the unknown state ${state}; it must be active or inactive`,
    );
  }
  for (const role of [...instanceRoles, ...Object.values(organizationRoles).flat()]) {
    if (grantedPermissions[role] === undefined) {
      throw new TypeError(`seed: ${label} has the unknown role ${role}`);
    }
  }
}

/** Finds the owners on which a service user has roles. */
function findRolesByOwner(
  state: EmulatorState,
  { instanceRoles = [], organizationRoles = {} }: ServiceUserSeed,
  label: string,
): OwnerRoles[] {
  const onOrganizations = Object.entries(organizationRoles).map(
    ([organization, roles]): OwnerRoles => [findOrganization(state, organization, label), roles],
  );
  return [[state.instance, instanceRoles], ...onOrganizations];
}

/** Creates a service user with its credentials. Throws a TypeError if its id, name, secret or keys are invalid. */
function createAccount(
  state: EmulatorState,
  seed: ServiceUserSeed,
  memberships: readonly UserMembership[],
  label: string,
): Account {
  const { accounts, clock } = state;
  const { name, clientSecret } = seed;
  const user: ServiceUser = {
    id: seed.id ?? clock.newId(),
    name,
    displayName: name,
    organization: findOrganization(state, seed.organization, label).id,
    isInactive: seed.state === "inactive",
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
  return { user, clientSecret, keys: readPublicKeys(label, seed.keys ?? []) };
}

/** Adds the creation of a service user to the event log. */
function recordServiceUser(
  { events }: EmulatorState,
  { created, id, name, organization }: ServiceUser,
  editor: ServiceUser,
): void {
  addToEventLog(events, [
    {
      ...created,
      aggregate: { id, type: "user", resourceOwner: organization },
      editor,
      type: "user.machine.added",
      payload: { userName: name, name },
    },
  ]);
}

/** Adds an account, and its token if it has one. */
function registerAccount(
  { accounts, tokens }: EmulatorState,
  account: Account,
  token: string | undefined,
  label: string,
): void {
  const { user } = account;
  accounts.byId.set(user.id, account);
  accounts.byName.set(user.name, account);
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
  rolesByOwner: readonly OwnerRoles[],
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
