import type { Entry } from "ldapts";
import { parseGoBoolean } from "../../../formats/go-boolean.js";
import type { Severity } from "../../../lint/finding.js";
import type { NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { LdapSettings } from "./ldap-settings.js";

/** The fields with attributes that a new user needs. */
const requiredFields: ReadonlySet<string> = new Set([
  "firstNameAttribute",
  "lastNameAttribute",
  "emailAttribute",
]);
const verifiedFields: ReadonlySet<string> = new Set([
  "emailVerifiedAttribute",
  "phoneVerifiedAttribute",
]);

/**
 * Returns the findings about the attributes from which ZITADEL reads a user. `entries` are those of users. Unlike LDAP, ZITADEL respects
 * the case of attribute names. Without a bind, attributes may be hidden, so only a wrong spelling is certain.
 */
export function findAttributeProblems(
  provider: CheckedProvider,
  { attributes }: LdapSettings,
  entries: readonly Entry[],
  isBound: boolean,
): NewFinding[] {
  const findings = Object.entries(attributes).flatMap(([name, attribute]) => {
    const field = `attributes.${name}`;
    const isId = name === "idAttribute";
    const spelling = findOtherSpelling(entries, attribute);
    if (spelling !== undefined) {
      return [
        {
          severity: isId ? ("broken" as const) : ("risk" as const),
          check: "ldap/attribute-case",
          field,
          message: `the directory spells the attribute ${JSON.stringify(attribute)} as ${JSON.stringify(spelling)}, and ZITADEL distinguishes upper and lower case: it reads nothing`,
          fix: describeUpdate(provider, field, spelling),
        },
      ];
    }
    if (isId) {
      return findIdProblems(field, attribute, entries, isBound);
    }
    if (entries.every((entry) => readValues(entry, attribute).length === 0)) {
      return [describeMissing(field, name, attribute, isBound)];
    }
    return verifiedFields.has(name) ? findVerifiedProblems(field, attribute, entries) : [];
  });
  return attributes["idAttribute"] === undefined ? [noId, ...findings] : findings;
}

const noId: NewFinding = {
  severity: "broken",
  check: "ldap/id-attribute-missing",
  field: "attributes.idAttribute",
  message: "idAttribute is empty, so ZITADEL cannot tell users apart",
  fix: "set attributes.idAttribute to an attribute that is unique and never changes, such as entryUUID or objectGUID",
  change: { field: "attributes.idAttribute" },
};

function findIdProblems(
  field: string,
  attribute: string,
  entries: readonly Entry[],
  isBound: boolean,
): NewFinding[] {
  const count = entries.filter((entry) => readValues(entry, attribute).length > 0).length;
  const fix =
    "set attributes.idAttribute to an attribute that every user has, that is unique and never changes, such as entryUUID or objectGUID";
  if (count < entries.length) {
    const isMissing = count === 0;
    return [
      {
        severity: severityOfMissing(isBound, isMissing ? "broken" : "risk"),
        check: "ldap/id-attribute-missing",
        field,
        message: isMissing
          ? `no user that the search found has the attribute ${JSON.stringify(attribute)}, by which ZITADEL knows users${describeHidden(isBound)}`
          : `${entries.length - count} of ${entries.length} users that the search found do not have the attribute ${JSON.stringify(attribute)}, and cannot sign in${describeHidden(isBound)}`,
        fix: attribute.toLowerCase() === "dn" ? `dn is not an attribute: ${fix}` : fix,
        change: { field },
      },
    ];
  }
  const ids = entries.map((entry) => String(readValues(entry, attribute)[0]));
  const repeated = ids.length - new Set(ids).size;
  return repeated === 0
    ? []
    : [
        {
          severity: "risk",
          check: "ldap/id-attribute-ambiguous",
          field,
          message: `${repeated} of ${ids.length} users that the search found share their ${JSON.stringify(attribute)} with another user: ZITADEL treats them as the same person, and signs one of them in as the other`,
          fix,
          change: { field },
        },
      ];
}

function describeMissing(
  field: string,
  name: string,
  attribute: string,
  isBound: boolean,
): NewFinding {
  const isNeeded = requiredFields.has(name);
  return {
    severity: isNeeded ? severityOfMissing(isBound, "risk") : "note",
    check: "ldap/attribute-missing",
    field,
    message: `no user that the search found has the attribute ${JSON.stringify(attribute)}${isNeeded ? ", without which ZITADEL cannot create users automatically" : ""}${describeHidden(isBound)}`,
    fix: `set ${field} to the attribute of the directory, or give the bind account the right to read it`,
    change: { field },
  };
}

function findVerifiedProblems(
  field: string,
  attribute: string,
  entries: readonly Entry[],
): NewFinding[] {
  const values = entries.flatMap((entry) => readValues(entry, attribute).slice(0, 1).map(String));
  const wrong = values.filter((value) => value !== "" && parseGoBoolean(value) === undefined);
  return wrong.length === 0
    ? []
    : [
        {
          severity: wrong.length === values.length ? "broken" : "risk",
          check: "ldap/verified-attribute-invalid",
          field,
          message: `the attribute ${JSON.stringify(attribute)} of ${wrong.length} of ${values.length} users is neither TRUE nor FALSE, so ZITADEL fails to sign these users in`,
          fix: `set ${field} to an attribute with TRUE or FALSE, or leave it empty`,
          change: { field },
        },
      ];
}

/** Returns the name under which the server sends an attribute, if it differs in upper and lower case. */
function findOtherSpelling(entries: readonly Entry[], attribute: string): string | undefined {
  return entries
    .flatMap((entry) => Object.keys(entry).filter((name) => name !== "dn"))
    .find((name) => name !== attribute && name.toLowerCase() === attribute.toLowerCase());
}

/** Returns the values of an attribute. `ldapts` keeps the distinguished name as `dn`, which is not an attribute. */
function readValues(entry: Entry, attribute: string): (string | Buffer)[] {
  const value = attribute === "dn" ? undefined : entry[attribute];
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : [value];
}

/** Returns the severity of a missing attribute. Without the bind account, the attribute may only be hidden. */
function severityOfMissing(isBound: boolean, severity: Severity): Severity {
  return isBound ? severity : "unchecked";
}

function describeHidden(isBound: boolean): string {
  return isBound ? "" : "; the search ran without the bind account, which may hide the attribute";
}
