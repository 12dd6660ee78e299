import type { HistoryEvent } from "./record-events.js";

/** A service user. */
export interface ServiceUser {
  readonly id: string;
  /** The user name, which is also the login name and the client id. */
  readonly name: string;
  /** The name for people. */
  readonly displayName: string;
  /** The id of the organization that owns the user. */
  readonly organization: string;
  /** True for a deactivated user, which gets no tokens and whose tokens are invalid. */
  readonly isInactive: boolean;
  /** The event in the history of the user that created it. */
  readonly created: HistoryEvent;
  readonly memberships: readonly UserMembership[];
}

/** The roles of a user in one place. */
export interface UserMembership {
  /** The id of the organization or of the instance. */
  readonly owner: string;
  readonly roles: readonly string[];
  /** The event in the history of the owner that granted the roles. */
  readonly event: HistoryEvent;
}

/** Returns the roles that a user has in an organization: those on the instance and those in the organization. */
export function listRoles(user: ServiceUser, instanceId: string, organizationId: string): string[] {
  return user.memberships
    .filter(({ owner }) => owner === instanceId || owner === organizationId)
    .flatMap(({ roles }) => roles);
}
