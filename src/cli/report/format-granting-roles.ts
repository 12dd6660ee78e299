import { joinWithOr } from "../../utils/join-with-or.js";
import type { GrantingRoles } from "../../whoami/find-granting-roles.js";

/**
 * Lists the roles that grant permissions, e.g. `ORG_OWNER in organization Acme (7), or IAM_OWNER on the instance`. `place` names
 * the organization.
 */
export function formatGrantingRoles(
  { organization, instance }: GrantingRoles,
  place: string,
): string {
  const parts = [
    organization.length > 0 && `${joinWithOr(organization)} in ${place}`,
    instance.length > 0 && `${joinWithOr(instance)} on the instance`,
  ];
  return parts.filter(Boolean).join(", or ") || "none of the default roles";
}
