import { listRolesThatGrant } from "../hints/roles-that-grant.js";

/** The roles that grant some permissions, by the place where a user needs them. */
export interface GrantingRoles {
  /** The roles on the instance. They apply to every organization. */
  readonly instance: readonly string[];
  /** The roles in the organization of the calls. Empty for permissions on the instance. */
  readonly organization: readonly string[];
}

/** Returns the roles that each grant all of `permissions` in ZITADEL's default configuration. */
export function findGrantingRoles(permissions: readonly string[]): GrantingRoles {
  const listGranting = (level: "IAM" | "ORG"): string[] => {
    const [first = [], ...others] = permissions.map((each) => listRolesThatGrant(each, level));
    return first.filter((role) => others.every((roles) => roles.includes(role)));
  };
  return { instance: listGranting("IAM"), organization: listGranting("ORG") };
}
