import type { MissingRequirement } from "../../whoami/find-missing-requirements.js";
import { describeError } from "./describe-error.js";
import { formatGrantingRoles } from "./format-granting-roles.js";
import { formatOtherRoles } from "./format-other-roles.js";

/** Describes a requirement of `plan` and `apply` that is not met, and the fix. `organization` names the organization of the calls. */
export function formatMissing(missing: MissingRequirement, organization: string): string {
  switch (missing.kind) {
    case "token":
      return `a valid token: ${describeError(missing.error)}`;
    case "protocol":
      return formatMissingProtocol(missing);
    case "organization":
      return [
        `an organization with this id: ${describeError(missing.error)}`,
        ...formatOtherRoles(missing.otherRoles),
      ].join("; ");
    case "permissions":
      return [
        `the permissions ${missing.permissions.join(", ")}, which these roles grant: ${formatGrantingRoles(missing.grantedBy, organization)}`,
        ...formatOtherRoles(missing.otherRoles),
      ].join("; ");
    default:
      return `the list of permissions, which ZITADEL did not return: ${describeError(missing.error)}`;
  }
}

function formatMissingProtocol({
  protocol,
  error,
  alternatives,
}: Extract<MissingRequirement, { kind: "protocol" }>): string {
  const [first] = alternatives;
  return [
    `the wire protocol ${protocol}, which cannot be reached: ${describeError(error)}`,
    ...(first === undefined
      ? []
      : [`${alternatives.join(" and ")} would: use --protocol ${first}`]),
  ].join("; ");
}
