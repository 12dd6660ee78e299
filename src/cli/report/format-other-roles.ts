import type { RoleFacts } from "../../whoami/facts.js";
import { formatNamedId } from "./format-named-id.js";

/** The maximum number of organizations in a line. */
const maxOrganizations = 5;

/** Formats the roles in other organizations in one line, with the flag that selects one of these. Returns no line without roles. */
export function formatOtherRoles(otherRoles: readonly RoleFacts[]): string[] {
  const [first] = otherRoles;
  if (first === undefined) {
    return [];
  }
  const shown = otherRoles
    .slice(0, maxOrganizations)
    .map((each) => `${each.roles.join(", ")} in organization ${formatNamedId(each)}`);
  const more = otherRoles.length - shown.length;
  const id = otherRoles.length === 1 ? first.id : "ID";
  return [
    `you have ${shown.join("; ")}${more > 0 ? `; and in ${more} more` : ""}: use --org ${id}`,
  ];
}
