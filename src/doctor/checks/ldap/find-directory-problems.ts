import { type Entry, ResultCodeError } from "ldapts";
import type { NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { quoteAnswer } from "../../quote-answer.js";
import { findAttributeProblems } from "./find-attribute-problems.js";
import type { LdapSession } from "./ldap-session.js";
import type { LdapSettings } from "./ldap-settings.js";
import { createClassFilter, createUserFilter, findFilterSyntaxProblems } from "./user-search.js";

/** The number of users whose attributes are checked. */
const maxUsers = 100;

/** Returns the findings about the entries that ZITADEL searches: the base DN, the filter for users, and their attributes. */
export async function findDirectoryProblems(
  provider: CheckedProvider,
  settings: LdapSettings,
  session: LdapSession,
  isBound: boolean,
): Promise<NewFinding[]> {
  try {
    await session.search(settings.baseDn, { scope: "base", attributes: ["1.1"], sizeLimit: 1 });
    if (findFilterSyntaxProblems(settings).length > 0) {
      return [];
    }
    const users = await session.search(settings.baseDn, {
      scope: "sub",
      filter: createUserFilter(settings),
      sizeLimit: maxUsers,
      attributes: [...new Set([...Object.values(settings.attributes), ...listNames(settings)])],
    });
    return users.length === 0
      ? [await explainNoUsers(settings, session, isBound)]
      : [
          ...findFilterProblems(settings, users, isBound),
          ...findAttributeProblems(provider, settings, users, isBound),
        ];
  } catch (error) {
    if (error instanceof ResultCodeError) {
      return [toSearchFinding(error, settings, isBound)];
    }
    throw error;
  }
}

/** Returns the filters that are plain names of attributes. */
function listNames({ userFilters }: LdapSettings): string[] {
  return userFilters.filter((name) => /^[\w.;-]+$/.test(name));
}

/** The result codes with which servers refuse a search without a bind. Many servers answer as if the entry did not exist. */
const refusalCodes: ReadonlySet<number> = new Set([1, 8, 13, 32, 48, 49, 50, 53]);

function toSearchFinding(
  { code, message }: ResultCodeError,
  { baseDn }: LdapSettings,
  isBound: boolean,
): NewFinding {
  const base = JSON.stringify(baseDn);
  if (!isBound && refusalCodes.has(code)) {
    return {
      severity: "unchecked",
      check: "ldap/directory-unchecked",
      message: `the entries below ${base} cannot be read without the bind account, so baseDn, filters and attributes are not checked`,
      fix: "run doctor with a file that has the bindPassword, and --probe-secrets",
    };
  }
  switch (code) {
    case 32:
    case 34:
      return {
        severity: "broken",
        check: "ldap/base-dn-missing",
        field: "baseDn",
        message:
          code === 32
            ? `there is no entry ${base}, or the bind account may not see it: ZITADEL finds no user`
            : `${base} is not a distinguished name that the server accepts: ZITADEL finds no user`,
        fix: "set baseDn to the entry above all users, and give the bind account the right to search below it",
        change: { field: "baseDn" },
      };
    case 10:
      return {
        severity: "broken",
        check: "ldap/base-dn-referral",
        field: "baseDn",
        message: `the server is not responsible for ${base} and refers to another server, which ZITADEL does not follow`,
        fix: "set servers to the server with these entries, or correct baseDn",
        change: { field: "baseDn" },
      };
    case 50:
      return {
        severity: "broken",
        check: "ldap/search-denied",
        field: "bindDn",
        message: `the bind account may not search below ${base}: ZITADEL finds no user`,
        fix: "give the bind account the right to search there, or set bindDn to an account that has it",
        change: { field: "bindDn" },
      };
    default:
      return {
        severity: "unchecked",
        check: "ldap/search-failed",
        message: `the search below ${base} fails: ${quoteAnswer(message.trim())}`,
        fix: "check the log of the LDAP server",
      };
  }
}

/** Returns the finding about a search without results, with the object class or the attributes that no entry has. */
async function explainNoUsers(
  { baseDn, userObjectClasses, userFilters }: LdapSettings,
  session: LdapSession,
  isBound: boolean,
): Promise<NewFinding> {
  const isFound = async (filter: string): Promise<boolean> =>
    (await session.search(baseDn, { scope: "sub", filter, sizeLimit: 1, attributes: ["1.1"] }))
      .length > 0;
  const hidden = "; the search ran without the bind account, which may hide entries";
  const severity = isBound ? "broken" : "unchecked";
  const reason = isBound ? ": nobody can sign in" : hidden;
  for (const objectClass of userObjectClasses) {
    if (!(await isFound(createClassFilter(objectClass)))) {
      return {
        severity,
        check: "ldap/object-class-unmatched",
        field: "userObjectClasses",
        message: `no entry below ${JSON.stringify(baseDn)} has the object class ${JSON.stringify(objectClass)}${reason}`,
        fix: "set userObjectClasses to classes that every user has, such as inetOrgPerson, or person for Active Directory",
        change: { field: "userObjectClasses" },
      };
    }
  }
  const classes = userObjectClasses.map(createClassFilter).join("");
  const hasUsers = await isFound(`(&${classes})`);
  return hasUsers
    ? {
        severity,
        check: "ldap/user-filter-unmatched",
        field: "userFilters",
        message: `no entry with the object classes has one of the attributes ${userFilters.map((each) => JSON.stringify(each)).join(", ")}${reason}`,
        fix: "set userFilters to the attributes with the names that users type, such as uid or mail, or sAMAccountName for Active Directory",
        change: { field: "userFilters" },
      }
    : {
        severity,
        check: "ldap/object-class-unmatched",
        field: "userObjectClasses",
        message: `no entry below ${JSON.stringify(baseDn)} has all of the object classes ${userObjectClasses.map((each) => JSON.stringify(each)).join(", ")}${reason}`,
        fix: "leave out the classes that users do not have: ZITADEL requires all of them",
      };
}

/** Returns the findings about the attributes that ZITADEL compares with the user name. */
function findFilterProblems(
  settings: LdapSettings,
  users: readonly Entry[],
  isBound: boolean,
): NewFinding[] {
  const names = listNames(settings);
  const unused = names.filter((name) => !users.some((user) => readTexts(user, name).length > 0));
  const isComplete = users.length < maxUsers;
  const findings: NewFinding[] =
    unused.length === 0 || !isComplete
      ? []
      : [
          {
            severity: isBound ? "risk" : "note",
            check: "ldap/user-filter-unused",
            field: "userFilters",
            message: `no user has the attribute ${unused.map((each) => JSON.stringify(each)).join(", ")} of userFilters: nobody can sign in by it`,
            fix: "correct the name of the attribute, or leave it out",
          },
        ];
  const repeated = countRepeatedNames(users, names);
  return repeated === 0
    ? findings
    : [
        ...findings,
        {
          severity: "risk",
          check: "ldap/user-filter-ambiguous",
          field: "userFilters",
          message: `${repeated} ${repeated === 1 ? "user name" : "user names"} in ${names.map((each) => JSON.stringify(each)).join(", ")} match several users: ZITADEL then signs none of them in`,
          fix: "compare only attributes that are unique among all users, such as uid or userPrincipalName",
        },
      ];
}

/** Counts the user names that belong to more than one user, without regard to case, as LDAP compares them. */
function countRepeatedNames(users: readonly Entry[], names: readonly string[]): number {
  const owners = new Map<string, Set<string>>();
  for (const user of users) {
    for (const text of names.flatMap((name) => readTexts(user, name))) {
      const key = text.toLowerCase();
      owners.set(key, (owners.get(key) ?? new Set()).add(user.dn));
    }
  }
  return [...owners.values()].filter(({ size }) => size > 1).length;
}

/** Returns the values of an attribute, whose name may differ in upper and lower case. */
function readTexts(user: Entry, attribute: string): string[] {
  return Object.entries(user)
    .filter(([name]) => name !== "dn" && name.toLowerCase() === attribute.toLowerCase())
    .flatMap(([, value]) => (Array.isArray(value) ? value.map(String) : [String(value)]));
}
