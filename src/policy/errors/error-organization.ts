import type { ZitadelError } from "./zitadel-error.js";

/**
 * The organizations by error. They are not properties of the errors, because logs would contain those. A private field of
 * `ZitadelError` would make the types of two copies of this package, such as those of `import` and `require`, incompatible.
 */
const organizations = new WeakMap<ZitadelError, string>();

/** Records the id of the organization that a failed call named. */
export function recordOrganization(error: ZitadelError, orgId: string | undefined): void {
  if (orgId !== undefined) {
    organizations.set(error, orgId);
  }
}

/** Returns the id of the organization that a failed call named. Undefined if the organization of its user applied. */
export function organizationOf(error: ZitadelError): string | undefined {
  return organizations.get(error);
}
