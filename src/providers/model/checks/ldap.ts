import { trim } from "../../../utils/trim.js";
import { checkPlaceholder } from "./placeholder.js";
import { checkPort } from "./url.js";

/** Returns the problem of the URL of an LDAP server. ZITADEL itself checks the URL only when a user signs in. */
export function checkLdapServer(text: string): string | undefined {
  if (/^ldapi:\/\/\S+$/i.test(text)) {
    return undefined;
  }
  if (/\s/.test(text)) {
    return "must be one URL such as ldaps://ldap.acme.example:636, without white space";
  }
  const match =
    /^(?:ldaps?|cldap):\/\/(\[[\da-f:.%]+\]|[^/?#:@<>"{}|\\^`]+)(?::([^/?#]*))?(?:[/?#]|$)/i.exec(
      text,
    );
  return match === null
    ? (checkPlaceholder(text) ??
        (/^(?:ldaps?|cldap):\/\//i.test(text)
          ? "must have a host, such as ldaps://ldap.acme.example:636"
          : "must begin with ldaps:// or ldap://, such as ldaps://ldap.acme.example:636"))
    : checkPort(match[2]);
}

const attributeName = /^[A-Za-z0-9][\w.-]*(?:;[\w-]+)*$/;
/** The part of a filter before `=`: an attribute, a matching rule, an operator. */
const filterAttribute = /^(?:[A-Za-z0-9][\w.-]*(?:;[\w-]+)*)?(?::dn)?(?::[\w.-]+:)?[~<>]?$/;

/**
 * Returns the problem of the name of an attribute from which ZITADEL reads a value. An empty name is valid: ZITADEL then reads
 * nothing.
 */
export function checkLdapAttribute(text: string): string | undefined {
  return text === "" || attributeName.test(text)
    ? undefined
    : (checkPlaceholder(text) ??
        "must be the name of an LDAP attribute, such as uid, without spaces");
}

/**
 * Returns the problem of a filter for users, which is the name of an attribute: ZITADEL builds `(<filter>=<user name>)` from it. A text
 * that closes and opens parentheses is valid if the result is an LDAP filter.
 */
export function checkUserFilter(text: string): string | undefined {
  const last = text.slice(text.lastIndexOf("(") + 1);
  return last !== "" && filterAttribute.test(last) && areFilters(`(${text}=x)`)
    ? undefined
    : (checkPlaceholder(text) ??
        "must be the name of an attribute to compare with the user name, such as uid or mail: ZITADEL builds the filter (uid=<user name>) from it. List each attribute as an entry of its own");
}

/** Returns the problem of an object class. ZITADEL builds the filter `(objectClass=<class>)`. */
export function checkObjectClass(text: string): string | undefined {
  const end = text.indexOf(")");
  const first = end < 0 ? text : text.slice(0, end);
  return /^(?:\*|[A-Za-z0-9][\w.-]*)$/.test(first) && areFilters(`(objectClass=${text})`)
    ? undefined
    : (checkPlaceholder(text) ??
        "must be the name of an object class, such as inetOrgPerson: ZITADEL builds the filter (objectClass=inetOrgPerson) from it. List each class as an entry of its own");
}

/** Returns true if a text consists of one or more LDAP filters (RFC 4515). */
function areFilters(text: string): boolean {
  let index = 0;
  const filter = (): boolean => {
    if (text[index++] !== "(") {
      return false;
    }
    if (/[&|!]/.test(text[index] ?? "")) {
      const isNegation = text[index++] === "!";
      let count = 0;
      for (; text[index] === "("; count++) {
        if (!filter()) {
          return false;
        }
      }
      return text[index++] === ")" && (!isNegation || count === 1);
    }
    const end = text.indexOf(")", index);
    const [attribute = "", ...value] = text.slice(index, Math.max(end, index)).split("=");
    index = end + 1;
    return (
      end >= 0 &&
      value.length > 0 &&
      filterAttribute.test(attribute) &&
      isFilterValue(value.join("="))
    );
  };
  while (index < text.length) {
    if (!filter()) {
      return false;
    }
  }
  return index > 0;
}

/**
 * Returns true if a text is a valid value in a filter. Two hexadecimal digits must follow a backslash, and an opening parenthesis must
 * be written in this form.
 */
function isFilterValue(value: string): boolean {
  return /^(?:[^\\(]|\\[\da-fA-F]{2})*$/.test(value);
}

/**
 * Returns the problem of the name of a bind account. A name that looks like a distinguished name must be one. Other names are valid,
 * because some directories accept them.
 */
export function checkLoginName(text: string): string | undefined {
  const name = trim(text);
  const isDnLike = /^[A-Za-z][\w-]*\s*=/.test(name);
  return isDnLike && !isDistinguishedName(name) ? malformedName : checkPlaceholder(name);
}

/** Returns the problem of the distinguished name below which users are searched. */
export function checkBaseDn(text: string): string | undefined {
  const name = trim(text);
  if (name.includes("=")) {
    return checkPlaceholder(name) ?? (isDistinguishedName(name) ? undefined : malformedName);
  }
  return (
    checkPlaceholder(name) ??
    (/[./@:]/.test(name)
      ? "must be a distinguished name such as dc=acme,dc=example, not a domain or URL"
      : undefined)
  );
}

const malformedName =
  "is not a distinguished name such as cn=zitadel,dc=acme,dc=example: each part between commas needs a name and =; write a comma inside a value as \\,";

function isDistinguishedName(text: string): boolean {
  const parts = text.match(/(?:\\.|"[^"]*"|[^,;\\])+|[,;](?=[,;]|$)/gs) ?? [];
  return (
    !/^[,;]/.test(text) &&
    parts.every((part) => /^\s*(?:[A-Za-z][\w-]*|\d+(?:\.\d+)*)\s*=/.test(part))
  );
}
