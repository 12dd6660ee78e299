import type { RoleFacts } from "./facts.js";
import type { GrantingRoles } from "./find-granting-roles.js";

/**
 * Returns the roles of a user in organizations other than `orgId`. With `grantedBy`, returns only organizations in which the user has
 * one of these roles.
 */
export function findOtherRoles(
  roles: readonly RoleFacts[] = [],
  orgId: string | undefined,
  grantedBy?: GrantingRoles,
): RoleFacts[] {
  return roles.filter(
    (each) =>
      each.on === "organization" &&
      each.id !== orgId &&
      (grantedBy === undefined || each.roles.some((role) => grantedBy.organization.includes(role))),
  );
}
