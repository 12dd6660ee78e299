import { rolePermissions } from "../../hints/role-permissions.js";
import type { RsaPublicKey } from "../store/accounts.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { ServiceUser } from "../store/service-user.js";
import type { ServiceUserSeed } from "./emulator-seed.js";
import { findOrganization } from "./find-organization.js";
import { readRsaPublicKey } from "./read-rsa-public-key.js";
import { isError } from "../../utils/is-error.js";

/** Adds a service user and its credentials. */
export function seedServiceUser(state: EmulatorState, seed: ServiceUserSeed): void {
  const { name, organization, token, clientSecret, instanceRoles = [] } = seed;
  const { tokens, accounts, clock } = state;
  const label = `service user ${name}`;
  const roles = Object.entries(seed.organizationRoles ?? {});
  for (const role of [...instanceRoles, ...roles.flatMap(([, each]) => each)]) {
    if (rolePermissions[role] === undefined) {
      throw new TypeError(`seed: ${label} has the unknown role ${role}`);
    }
  }
  const rolesByOrganization = roles.map(([org, each]): [string, string[]] => [
    findOrganization(state, org, label).id,
    each,
  ]);
  const user: ServiceUser = {
    id: seed.id ?? clock.newId(),
    name,
    organization: findOrganization(state, organization, label).id,
    instanceRoles,
    organizationRoles: new Map(
      rolesByOrganization.filter(([id]) => !accounts.removedOrganizations.has(id)),
    ),
  };
  if (accounts.byId.has(user.id)) {
    throw new TypeError(`seed: two service users have the id ${user.id}`);
  }
  if (accounts.byName.has(name)) {
    throw new TypeError(
      `seed: two service users have the name ${name}, which is the client id too`,
    );
  }
  if (clientSecret === "") {
    throw new TypeError(`seed: ${label} has an empty clientSecret; leave it out for none`);
  }
  const account = { user, clientSecret, keys: readPublicKeys(label, seed.keys ?? []) };
  accounts.byId.set(user.id, account);
  accounts.byName.set(name, account);
  if (token !== undefined) {
    if (tokens.has(token)) {
      throw new TypeError(`seed: ${label} has the token of another one`);
    }
    tokens.set(token, user);
  }
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
