import type { ProblemPath } from "../provider-error.js";

/** An owner of providers: the instance, an organization by its id, or the organization of the client. */
export interface Owner {
  readonly owner: "org" | "instance";
  /** The id of the organization. Absent for the organization of the client. */
  readonly orgId?: string | undefined;
}

/** Returns true if two owners are the same. */
export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.owner === b.owner && a.orgId === b.orgId;
}

/** Returns the location of an owner in the desired state. */
export function toOwnerPath({ owner, orgId }: Owner): ProblemPath {
  return owner === "instance"
    ? ["instance"]
    : orgId === undefined
      ? ["organization"]
      : ["organizations", orgId];
}
