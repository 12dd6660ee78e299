/** A service user. */
export interface ServiceUser {
  readonly id: string;
  readonly name: string;
  readonly organization: string;
  readonly instanceRoles: readonly string[];
  /** The roles by organization id. */
  readonly organizationRoles: ReadonlyMap<string, readonly string[]>;
}
