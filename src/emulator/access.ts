import { Code, ConnectError } from "@connectrpc/connect";
import { permissions } from "../../gen/permissions.js";
import { orgIdHeader } from "../policy/org.js";
import { rolePermissions } from "../hints/role-permissions.js";
import { rawProblem } from "./problem.js";
import type { Owner, State, User } from "./state.js";
import { first, type HeaderList } from "./wire/exchange.js";

/** The caller of an RPC and the organization that the call is about. */
export interface Access {
  readonly user: User;
  readonly organization: Owner;
}

/**
 * Checks the token, the organization and the permission that `rpc` ("service/method") needs, in the order of the real server.
 *
 * Throws the server's error for the first check that fails.
 */
export function authorize(state: State, rpc: string, metadata: HeaderList): Access {
  const user = authenticate(state, first(metadata, "authorization"));
  const organization = state.organizations.get(first(metadata, orgIdHeader) || user.organization);
  if (organization === undefined) {
    throw rawProblem(Code.PermissionDenied, "AUTH-Bs7Ds", "Organisation doesn't exist");
  }
  const roles = [...user.instanceRoles, ...(user.organizationRoles.get(organization.id) ?? [])];
  if (roles.length === 0) {
    throw rawProblem(Code.NotFound, "AUTHZ-cdgFk", "membership not found");
  }
  const needed = permissions[rpc];
  if (needed === undefined || !roles.some((role) => rolePermissions[role]?.includes(needed))) {
    throw rawProblem(Code.PermissionDenied, "AUTH-5mWD2", "No matching permissions found");
  }
  return { user, organization };
}

function authenticate(state: State, header: string | undefined): User {
  if (!header) {
    throw new ConnectError("auth header missing", Code.Unauthenticated);
  }
  // The real server splits the header at "Bearer ", so it accepts text before the word and blanks after it.
  const [, token, ...more] = header.split("Bearer ");
  if (token === undefined || more.length > 0) {
    throw rawProblem(Code.Unauthenticated, "AUTH-toLo1", "invalid auth header");
  }
  const known = token.trimStart();
  const user = state.tokens.get(known) ?? state.accounts.issued.find(known);
  // Removing an organization revokes the tokens of its users. Calls may still name the removed organization.
  if (user === undefined || state.accounts.removedOrganizations.has(user.organization)) {
    throw rawProblem(Code.Unauthenticated, "AUTH-7fs1e", "Errors.Token.Invalid");
  }
  return user;
}
