import { Code, ConnectError } from "@connectrpc/connect";
import { permissions } from "../../gen/permissions.js";
import { rolePermissions } from "../hints/role-permissions.js";
import { orgIdHeader } from "../policy/org.js";
import { invalidTokenError, untranslatedServerError } from "./errors/server-error.js";
import type { EmulatorState } from "./store/emulator-state.js";
import type { ServiceUser } from "./store/service-user.js";
import type { StoredOwner } from "./store/stored-owner.js";
import { firstHeader, type HeaderList } from "./wire/http-message.js";

/** The caller of an RPC and the organization that the call is about. */
export interface AuthorizedCaller {
  readonly user: ServiceUser;
  readonly organization: StoredOwner;
}

/**
 * Checks the token, the organization and the permission that `rpc` ("service/method") needs, in the order of the real server.
 *
 * Throws the server's error for the first check that fails.
 */
export function authorize(
  state: EmulatorState,
  rpc: string,
  metadata: HeaderList,
): AuthorizedCaller {
  const user = authenticate(state, firstHeader(metadata, "authorization"));
  const organization = state.organizations.get(
    firstHeader(metadata, orgIdHeader) || user.organization,
  );
  if (organization === undefined) {
    throw untranslatedServerError(
      Code.PermissionDenied,
      "AUTH-Bs7Ds",
      "Organisation doesn't exist",
    );
  }
  const roles = [...user.instanceRoles, ...(user.organizationRoles.get(organization.id) ?? [])];
  if (roles.length === 0) {
    throw untranslatedServerError(Code.NotFound, "AUTHZ-cdgFk", "membership not found");
  }
  const needed = permissions[rpc];
  if (needed === undefined || !roles.some((role) => rolePermissions[role]?.includes(needed))) {
    throw untranslatedServerError(
      Code.PermissionDenied,
      "AUTH-5mWD2",
      "No matching permissions found",
    );
  }
  return { user, organization };
}

function authenticate(state: EmulatorState, header: string | undefined): ServiceUser {
  if (!header) {
    throw new ConnectError("auth header missing", Code.Unauthenticated);
  }
  // The real server splits the header at "Bearer ", so it accepts text before the word and blanks after it.
  const [, token, ...furtherParts] = header.split("Bearer ");
  if (token === undefined || furtherParts.length > 0) {
    throw untranslatedServerError(Code.Unauthenticated, "AUTH-toLo1", "invalid auth header");
  }
  const trimmed = token.trimStart();
  const user = state.tokens.get(trimmed) ?? state.accounts.issued.find(trimmed);
  // Removing an organization revokes the tokens of its users. Calls may still name the removed organization.
  if (user === undefined || state.accounts.removedOrganizations.has(user.organization)) {
    throw invalidTokenError();
  }
  return user;
}
