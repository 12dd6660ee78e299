/** The calling user. */
export interface UserFacts {
  readonly id: string;
  readonly loginName: string;
  /** The type of the user. A `machine` is a service user. */
  readonly type: "human" | "machine" | "unknown";
  /** The organization that the user belongs to. */
  readonly organization: NamedId;
}

/** An object with its name, if the name is known. */
export interface NamedId {
  readonly id: string;
  readonly name?: string | undefined;
}

/** The roles that the user has in one place. */
export interface RoleFacts {
  readonly on: "instance" | "organization" | "project" | "unknown";
  /** The id of the organization or project. Empty for the instance. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** An organization. */
export interface OrganizationFacts {
  readonly id: string;
  readonly name: string;
  readonly state: "active" | "inactive" | "removed" | "unspecified";
}

/** The instance. */
export interface InstanceFacts {
  readonly id: string;
  readonly name: string;
  /** The version of the server; the time of its build if it was built from source. */
  readonly version: string;
  readonly domains: readonly { readonly name: string; readonly isPrimary: boolean }[];
}
