import type { RejectionExplanation } from "../../whoami/explain-rejection.js";
import type { NamedId, RoleFacts } from "../../whoami/facts.js";
import { formatGrantingRoles } from "./format-granting-roles.js";
import { formatNamedId } from "./format-named-id.js";
import { formatOtherRoles } from "./format-other-roles.js";
import { formatUser } from "./format-user.js";

/**
 * Formats the explanation of a rejected call: the user, its roles, the missing permission with the roles that grant it, and other
 * organizations in which the user has roles. `credentials` is the name of the setting with the credentials.
 */
export function formatExplanation(
  { user, roles, organizationId, missing, otherRoles }: RejectionExplanation,
  credentials: string,
): string[] {
  const lines = [`you are ${formatUser(user)}, with the credentials from ${credentials}`];
  const organization = findOrganization(organizationId, user.organization, roles);
  if (roles !== undefined) {
    lines.push(`your roles: ${formatRoles(roles, organization)}`);
  }
  if (missing !== undefined) {
    const granting = formatGrantingRoles(
      missing.grantedBy,
      `organization ${formatNamedId(organization)}`,
    );
    lines.push(
      `missing: the permission ${missing.permission}, which these roles grant: ${granting}`,
    );
  }
  return [...lines, ...formatOtherRoles(otherRoles)];
}

/** Formats the roles on the instance, and in the organization of the call if it has one. */
function formatRoles(roles: readonly RoleFacts[], { id, name }: NamedId): string {
  const formatRolesOn = (on: RoleFacts["on"], where: string): string => {
    const found = roles.filter((each) => each.on === on && each.id === where);
    return found.flatMap((each) => each.roles).join(", ") || "none";
  };
  const onInstance = `${formatRolesOn("instance", "")} on the instance`;
  return id === ""
    ? onInstance
    : `${formatRolesOn("organization", id)} in organization ${formatNamedId({ id, name })}, ${onInstance}`;
}

/** Finds the name of an organization in the facts about the user. */
function findOrganization(id = "", own: NamedId, roles: readonly RoleFacts[] = []): NamedId {
  const named = [own, ...roles.filter(({ on }) => on === "organization")];
  return named.find((each) => each.id === id) ?? { id };
}
