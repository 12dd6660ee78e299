import { checkObjectClass, checkUserFilter } from "../../../providers/model/checks/ldap.js";
import type { NewFinding } from "../../check-context.js";
import type { LdapSettings } from "./ldap-settings.js";

type UserSettings = Pick<LdapSettings, "userObjectClasses" | "userFilters">;

/**
 * Creates the filter with which ZITADEL finds a user, but for any user name. An entry must have all object classes, and one of the
 * attributes.
 */
export function createUserFilter({ userObjectClasses, userFilters }: UserSettings): string {
  const attributes = userFilters.map(createPresenceFilter);
  const oneOf = attributes.length === 1 ? attributes.join("") : `(|${attributes.join("")})`;
  return `(&${userObjectClasses.map(createClassFilter).join("")}${oneOf})`;
}

/** Creates the filter for entries of an object class. */
export function createClassFilter(objectClass: string): string {
  return `(objectClass=${objectClass})`;
}

/** Creates the filter for entries with an attribute. */
function createPresenceFilter(attribute: string): string {
  return `(${attribute}=*)`;
}

/** Returns the findings about object classes and user filters that make ZITADEL's filter invalid. */
export function findFilterSyntaxProblems({
  userObjectClasses,
  userFilters,
}: UserSettings): NewFinding[] {
  return [
    ...userObjectClasses.flatMap((text) =>
      toSyntaxFinding("userObjectClasses", text, checkObjectClass(text)),
    ),
    ...userFilters.flatMap((text) => toSyntaxFinding("userFilters", text, checkUserFilter(text))),
  ];
}

function toSyntaxFinding(field: string, text: string, problem: string | undefined): NewFinding[] {
  return problem === undefined
    ? []
    : [
        {
          severity: "broken",
          check: "ldap/filter-invalid",
          field,
          message: `${JSON.stringify(text)} makes ZITADEL's filter for users invalid, so nobody can sign in`,
          fix: `each entry of ${field} ${problem}`,
          change: { field },
        },
      ];
}
