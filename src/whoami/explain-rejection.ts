import type { CallOptions } from "@connectrpc/connect";
import { permissions } from "../../gen/permissions.js";
import type { IdpClient, ZitadelError } from "../index.js";
import { organizationOf } from "../policy/errors/error-organization.js";
import { orgIdHeader } from "../policy/org-id-header.js";
import { createOperatorClient } from "../services/operator-client.js";
import type { RoleFacts, UserFacts } from "./facts.js";
import { findOtherRoles } from "./find-other-roles.js";
import { isMissingRole, getPartValue } from "./report-part.js";
import { readIdentity } from "./read-caller.js";
import { type GrantingRoles, findGrantingRoles } from "./find-granting-roles.js";

/** The reason why ZITADEL rejected a call: the user, its roles, and the permission that they do not grant. */
export interface RejectionExplanation {
  readonly user: UserFacts;
  /** All roles of the user. Undefined if they could not be read. */
  readonly roles: readonly RoleFacts[] | undefined;
  /** The id of the organization of the call. Undefined for a call on the instance, and if the organization does not exist. */
  readonly organizationId: string | undefined;
  /** The permission that the call needs, and the roles that grant it. Undefined if the organization does not exist. */
  readonly missing: { readonly permission: string; readonly grantedBy: GrantingRoles } | undefined;
  /** The roles of the user in other organizations, where the call would succeed. */
  readonly otherRoles: readonly RoleFacts[];
}

/**
 * Explains a call that ZITADEL rejected because its user lacks a role: reads the user and its roles, and finds the roles that grant
 * the permission. Each read has the timeout `timeoutMs`, in milliseconds. Returns undefined if the user cannot be read.
 *
 * @example
 * const explanation = await explainRejection(client, error, 5000);
 */
export async function explainRejection(
  client: IdpClient,
  rejection: ZitadelError,
  timeoutMs: number,
): Promise<RejectionExplanation | undefined> {
  // An empty header selects the user's own organization: with one that does not exist, these reads would fail.
  const options: CallOptions = { timeoutMs, headers: { [orgIdHeader]: "" } };
  const identity = await readIdentity(createOperatorClient(client.transport), options);
  const user = getPartValue(identity.user);
  if (user === undefined) {
    return undefined;
  }
  const roles = getPartValue(identity.roles);
  const permission = isMissingRole(rejection) ? permissions[rejection.rpc] : undefined;
  const missing =
    permission === undefined
      ? undefined
      : { permission, grantedBy: findGrantingRoles([permission]) };
  const isAboutOrganization =
    isMissingRole(rejection) && !rejection.rpc.startsWith("zitadel.admin.");
  const orgId = organizationOf(rejection) ?? user.organization.id;
  return {
    user,
    roles,
    organizationId: isAboutOrganization ? orgId : undefined,
    missing,
    otherRoles: findOtherRoles(roles, orgId, missing?.grantedBy),
  };
}
