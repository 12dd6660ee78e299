import { Code, ConnectError } from "@connectrpc/connect";
import { operatorPermissions } from "../../gen/operator-rules.js";
import { permissions } from "../../gen/permissions.js";
import { orgIdHeader } from "../policy/org-id-header.js";
import {
  createInvalidTokenError,
  createMissingOrganizationError,
  createUntranslatedServerError,
} from "./errors/server-error.js";
import { hasValidTokens } from "./store/accounts.js";
import type { EmulatorState } from "./store/emulator-state.js";
import { grantedPermissions } from "./store/granted-permissions.js";
import { listRoles, type ServiceUser } from "./store/service-user.js";
import type { StoredOwner } from "./store/stored-owner.js";
import { findFirstHeader, type HeaderList } from "./wire/http-message.js";

/** The caller of an RPC and the organization that the call is about. */
export interface AuthorizedCaller {
  readonly user: ServiceUser;
  readonly organization: StoredOwner;
}

/** The permission of RPCs that every user may call. */
export const anyUser = "authenticated";

/** Returns the permission that `rpc` ("service/method") needs. An RPC without one needs no token. */
export function findNeededPermission(rpc: string): string | undefined {
  return permissions[rpc] ?? operatorPermissions[rpc];
}

/**
 * Checks the token, the organization and the permission `needed`, in the order of the real server.
 *
 * Throws the server's error for the first check that fails.
 */
export function authorize(
  state: EmulatorState,
  needed: string,
  metadata: HeaderList,
): AuthorizedCaller {
  const user = authenticate(state, findFirstHeader(metadata, "authorization"));
  const organization = state.organizations.get(
    findFirstHeader(metadata, orgIdHeader) || user.organization,
  );
  if (organization === undefined) {
    throw createMissingOrganizationError();
  }
  if (needed === anyUser) {
    return { user, organization };
  }
  requirePermission(listRoles(user, state.instance.id, organization.id), needed, "AUTH-5mWD2");
  return { user, organization };
}

/** Throws the server's error if none of the roles grants a permission. The error for missing roles has the same id everywhere. */
export function requirePermission(roles: readonly string[], needed: string, id: string): void {
  if (roles.length === 0) {
    throw createUntranslatedServerError(Code.NotFound, "AUTHZ-cdgFk", "membership not found");
  }
  if (!roles.some((role) => grantedPermissions[role]?.includes(needed))) {
    throw createUntranslatedServerError(Code.PermissionDenied, id, "No matching permissions found");
  }
}

function authenticate(state: EmulatorState, header: string | undefined): ServiceUser {
  if (!header) {
    throw new ConnectError("auth header missing", Code.Unauthenticated);
  }
  // The real server splits the header at "Bearer ", so it accepts text before the word and blanks after it.
  const [, token, ...furtherParts] = header.split("Bearer ");
  if (token === undefined || furtherParts.length > 0) {
    throw createUntranslatedServerError(Code.Unauthenticated, "AUTH-toLo1", "invalid auth header");
  }
  const trimmed = token.trimStart();
  const issued = state.accounts.issued.find(trimmed);
  const user = state.tokens.get(trimmed) ?? (issued?.forApi ? issued.user : undefined);
  // Calls may still name a removed organization.
  if (user === undefined || !hasValidTokens(state.accounts, user)) {
    throw createInvalidTokenError();
  }
  return user;
}
