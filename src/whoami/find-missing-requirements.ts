import { Code, type ConnectError } from "@connectrpc/connect";
import { isZitadelError, type Protocol } from "../index.js";
import { listCommandNeeds, requiredCommands } from "./command-needs.js";
import type { RoleFacts } from "./facts.js";
import { findOtherRoles } from "./find-other-roles.js";
import { type ReportPart, getPartValue } from "./report-part.js";
import type { ProtocolReport } from "./probe-protocol.js";
import type { CallerFacts } from "./read-caller.js";
import { type GrantingRoles, findGrantingRoles } from "./find-granting-roles.js";

/** A requirement of `plan` and `apply` that is not met. */
export type MissingRequirement =
  MissingToken | MissingProtocol | MissingOrganization | MissingPermissions | UnknownPermissions;

/** No valid token: none could be fetched, or ZITADEL rejected it. */
interface MissingToken {
  readonly kind: "token";
  readonly error: ConnectError;
}

/** The wire protocol of the connection cannot be reached. */
interface MissingProtocol {
  readonly kind: "protocol";
  readonly protocol: Protocol;
  readonly error: ConnectError | undefined;
  /** The wire protocols that can be reached. */
  readonly alternatives: readonly Protocol[];
}

/** The organization of the calls does not exist, or does not exist any more. */
interface MissingOrganization {
  readonly kind: "organization";
  readonly error: ConnectError;
  /** The roles of the user in other organizations. */
  readonly otherRoles: readonly RoleFacts[];
}

/** The user lacks permissions. */
interface MissingPermissions {
  readonly kind: "permissions";
  readonly permissions: readonly string[];
  /** The roles that grant them. */
  readonly grantedBy: GrantingRoles;
  /** The roles of the user in other organizations that grant them there. */
  readonly otherRoles: readonly RoleFacts[];
}

/** The permissions of the user could not be read. */
interface UnknownPermissions {
  readonly kind: "answer";
  readonly error: ConnectError;
}

/** Finds the requirements of `plan` and `apply` that are not met for the providers of `owner`, the most basic first. */
export function findMissingRequirements(
  { user, roles, organization, permissions }: CallerFacts,
  protocols: readonly ProtocolReport[],
  { owner, orgId, hasToken }: RequirementContext,
): MissingRequirement[] {
  const missing = findMissingProtocol(protocols);
  if (user.status === "failed" && (!hasToken || user.error.code === Code.Unauthenticated)) {
    return [{ kind: "token", error: user.error }, ...missing];
  }
  const error =
    findUnknownOrganization(permissions) ??
    // ZITADEL accepts a removed organization in calls on the instance.
    (owner === "org" ? findUnknownOrganization(organization) : undefined);
  if (error !== undefined) {
    const otherRoles = findOtherRoles(getPartValue(roles), orgId);
    return [...missing, { kind: "organization", error, otherRoles }];
  }
  if (permissions.status === "failed") {
    // A wire protocol that cannot be reached explains this failure too.
    return missing.length > 0 ? missing : [{ kind: "answer", error: permissions.error }];
  }
  const lacking = findLackingPermissions(getPartValue(permissions) ?? [], owner);
  if (lacking.length > 0) {
    const grantedBy = findGrantingRoles(lacking);
    const otherRoles = findOtherRoles(getPartValue(roles), orgId, grantedBy);
    missing.push({ kind: "permissions", permissions: lacking, grantedBy, otherRoles });
  }
  return missing;
}

/** The settings of the connection that decide which requirements apply. */
interface RequirementContext {
  readonly owner: "org" | "instance";
  /** The id of the organization of the calls, if it is known. */
  readonly orgId: string | undefined;
  /** True if the connection has a token. */
  readonly hasToken: boolean;
}

function findMissingProtocol(protocols: readonly ProtocolReport[]): MissingRequirement[] {
  const alternatives = protocols.flatMap((each) => (each.getsThrough ? [each.protocol] : []));
  return protocols
    .filter(({ inUse, getsThrough }) => inUse && !getsThrough)
    .map(({ protocol, error }) => ({ kind: "protocol", protocol, error, alternatives }));
}

/** The ids of the errors for an organization that never existed, and for one that was removed. */
const unknownOrganizationIds: readonly (string | undefined)[] = ["AUTH-Bs7Ds", "QUERY-leq5Q"];

function findUnknownOrganization(part: ReportPart<unknown>): ConnectError | undefined {
  return part.status === "failed" &&
    isZitadelError(part.error) &&
    unknownOrganizationIds.includes(part.error.id)
    ? part.error
    : undefined;
}

function findLackingPermissions(
  permissions: readonly string[],
  owner: "org" | "instance",
): string[] {
  const needed = listCommandNeeds(owner)
    .filter(({ command }) => requiredCommands.includes(command))
    .flatMap(({ needs }) => needs);
  return [...new Set(needed)].filter((each) => !permissions.includes(each)).toSorted();
}
