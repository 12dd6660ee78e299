import { getPartValue } from "../../whoami/report-part.js";
import type { WhoamiReport } from "../../whoami/whoami.js";
import { formatNamedId } from "./format-named-id.js";

/** Names the organization of the calls, e.g. `organization Acme (7)`. Takes the name from a role if the organization is not readable. */
export function nameOrganization({ organization, roles, organizationId }: WhoamiReport): string {
  if (organizationId === undefined) {
    return "the organization of the user";
  }
  const known = [getPartValue(organization) ?? [], getPartValue(roles) ?? []].flat();
  const found = known.find(({ id }) => id === organizationId) ?? { id: organizationId };
  return `organization ${formatNamedId(found)}`;
}
