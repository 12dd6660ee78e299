import type { LdapSettings } from "./ldap-settings.js";

type UserSettings = Pick<LdapSettings, "userObjectClasses" | "userFilters">;

/**
 * Returns the filter with which ZITADEL finds a user, with any value in place of the user name. An entry must have all object classes,
 * and one of the attributes.
 */
export function createUserFilter({ userObjectClasses, userFilters }: UserSettings): string {
  const attributes = userFilters.map(createPresenceFilter);
  const oneOf = attributes.length === 1 ? attributes.join("") : `(|${attributes.join("")})`;
  return `(&${userObjectClasses.map(createClassFilter).join("")}${oneOf})`;
}

/** Returns the filter for entries of an object class. */
export function createClassFilter(objectClass: string): string {
  return `(objectClass=${objectClass})`;
}

/** Returns the filter for entries that have an attribute. */
function createPresenceFilter(attribute: string): string {
  return `(${attribute}=*)`;
}
