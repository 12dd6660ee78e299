import { reportIf } from "./report-if.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { isLoopback } from "../utils/is-loopback.js";
import { trim } from "../utils/trim.js";
import { parseUrl } from "../utils/parse-url.js";
import {
  type LintRule,
  type LintSubject,
  readOptions,
  readText,
  readTexts,
  type RuleFinding,
} from "./lint-rule.js";

/** Checks the connection to a directory and the attributes that ZITADEL reads from it. */
export const lintLdap: LintRule = (subject) =>
  subject.type === "ldap"
    ? [...lintConnection(subject.values), ...lintNames(subject.values), ...lintAttributes(subject)]
    : [];

/** Returns the first attribute of a distinguished name, in lower case. Empty for other texts. */
function readFirstAttribute(name: string): string {
  return (/^\s*([A-Za-z][\w-]*)\s*=/.exec(name)?.[1] ?? "").toLowerCase();
}

/** Checks the names of the search base and of the bind account. Active Directory accepts other names of accounts too. */
function lintNames(values: FieldValues): RuleFinding[] {
  const baseDn = trim(readText(values, "baseDn"));
  const bindDn = trim(readText(values, "bindDn"));
  const isSwapped =
    /^(?:dc|o|ou)$/.test(readFirstAttribute(bindDn)) &&
    /^(?:cn|uid)$/.test(readFirstAttribute(baseDn));
  return [
    ...reportIf(baseDn !== "" && !baseDn.includes("="), {
      severity: "broken",
      check: "ldap/base-dn-invalid",
      path: ["baseDn"],
      message: "baseDn is not a distinguished name, so ZITADEL finds no user",
      fix: "set baseDn to the entry above all users, such as dc=acme,dc=example",
      change: { field: "baseDn" },
    }),
    ...reportIf(isSwapped, {
      severity: "broken",
      check: "ldap/swapped-names",
      path: ["bindDn"],
      message:
        "bindDn is a part of the directory, not an account, and baseDn looks like an account",
      fix: "swap the values of baseDn and bindDn",
      change: { field: "bindDn" },
    }),
    ...reportIf(bindDn !== "" && !/[=@\\]/.test(bindDn), {
      severity: "risk",
      check: "ldap/bind-dn-form",
      path: ["bindDn"],
      message:
        "bindDn is a plain name: most directories require a distinguished name; Active Directory also accepts user@domain and DOMAIN\\user",
      fix: "set bindDn to the distinguished name of the account, such as cn=zitadel,dc=acme,dc=example",
      change: { field: "bindDn" },
    }),
  ];
}

function lintConnection(values: FieldValues): RuleFinding[] {
  const servers = readTexts(values, "servers").map((server) => parseUrl(server));
  const hasStartTls = values["startTls"] === true;
  const hasTlsServer = servers.some((url) => url?.protocol === "ldaps:");
  const hasPlainServer = servers.some((url) => url?.protocol === "ldap:");
  return [
    ...servers.flatMap((url, index) =>
      url === undefined ? [] : lintServer(url, hasStartTls, index),
    ),
    ...reportIf(hasStartTls && hasTlsServer && !hasPlainServer, {
      severity: "note",
      check: "ldap/start-tls-unused",
      path: ["startTls"],
      message: "startTls has no effect, because ldaps:// URLs use TLS from the start",
      fix: "remove startTls",
    }),
    ...reportIf(readText(values, "rootCa") !== "" && hasPlainServer && !hasTlsServer, {
      severity: "note",
      check: "ldap/root-ca-unused",
      path: ["rootCa"],
      message: "ZITADEL uses rootCa for ldaps:// servers only, not for StartTLS",
      fix: "use an ldaps:// URL, or remove rootCa",
    }),
  ];
}

/** The standard ports without and with TLS, of servers and of the global catalog of Active Directory. */
const plainPorts: ReadonlySet<string> = new Set(["389", "3268"]);
const tlsPorts: ReadonlySet<string> = new Set(["636", "3269"]);

function lintServer(
  { protocol, hostname, port, pathname }: URL,
  hasStartTls: boolean,
  index: number,
): RuleFinding[] {
  const path = ["servers", index];
  const isMismatch =
    (protocol === "ldaps:" && plainPorts.has(port)) || (protocol === "ldap:" && tlsPorts.has(port));
  return [
    ...reportIf(isMismatch, {
      severity: "risk",
      check: "ldap/port-mismatch",
      path,
      message: `port ${port} is the standard port of ${protocol === "ldaps:" ? "ldap" : "ldaps"}://`,
      fix: "use ldaps:// with port 636, or ldap:// with port 389",
    }),
    ...reportIf(/^\/\d+\/?$/.test(pathname), {
      severity: "broken",
      check: "ldap/port-in-path",
      path,
      message: "the port comes after a slash, so ZITADEL ignores it and uses the standard port",
      fix: "write the port after a colon, such as ldaps://ldap.acme.example:636",
    }),
    ...reportIf(protocol === "ldap:" && !hasStartTls, {
      severity: isLoopback(hostname) ? "note" : "risk",
      check: "ldap/no-tls",
      path,
      message: "passwords cross the network without encryption: ldap:// without startTls",
      fix: "use an ldaps:// URL, or set startTls: true",
      change: { field: "startTls", value: "true" },
    }),
  ];
}

/** The attributes that can change or be given to another person, in lower case. */
const changeableAttributes: ReadonlySet<string> = new Set([
  "cn",
  "displayname",
  "email",
  "givenname",
  "mail",
  "sn",
  "userprincipalname",
]);

function lintAttributes(subject: LintSubject): RuleFinding[] {
  const attributes = (subject.values["attributes"] ?? {}) as FieldValues;
  const idAttribute = readText(attributes, "idAttribute");
  return [
    ...reportIf(idAttribute === "", {
      severity: "broken",
      check: "ldap/id-attribute-missing",
      path: ["attributes", "idAttribute"],
      message: "ZITADEL reads no id for users, so it cannot tell them apart",
      fix: "set attributes.idAttribute, for example to entryUUID, objectGUID or uid",
      change: { field: "attributes.idAttribute" },
    }),
    ...reportIf(changeableAttributes.has(idAttribute.toLowerCase()), {
      severity: "risk",
      check: "ldap/changeable-id-attribute",
      path: ["attributes", "idAttribute"],
      message:
        "the attribute can change or be given to another person, who then gets the account of the first person",
      fix: "set attributes.idAttribute to an attribute that never changes, such as entryUUID, objectGUID or uid",
      change: { field: "attributes.idAttribute" },
    }),
    ...lintNeededAttributes(subject, attributes),
  ];
}

/** The attributes that autoLinking compares. */
const linkingAttributes = new Map([
  ["email", "emailAttribute"],
  ["username", "preferredUsernameAttribute"],
]);
const profileAttributes = ["firstNameAttribute", "lastNameAttribute", "emailAttribute"] as const;

function lintNeededAttributes(subject: LintSubject, attributes: FieldValues): RuleFinding[] {
  const { autoLinking, isCreationAllowed } = readOptions(subject);
  const linking = linkingAttributes.get(autoLinking) ?? "";
  const missing = profileAttributes.filter((name) => readText(attributes, name) === "");
  return [
    ...reportIf(linking !== "" && readText(attributes, linking) === "", {
      severity: "risk",
      check: "ldap/linking-attribute-missing",
      path: ["attributes", linking],
      message: `autoLinking by ${autoLinking} has no effect, because ${linking} is empty`,
      fix: `set attributes.${linking}, or options.autoLinking: unspecified`,
      change: { field: `attributes.${linking}` },
    }),
    ...reportIf(isCreationAllowed && missing.length > 0, {
      severity: "note",
      check: "ldap/profile-attributes-missing",
      path: ["attributes"],
      message: `new users must enter the values of ${missing.join(", ")}`,
      fix: `set ${missing.map((name) => `attributes.${name}`).join(", ")}`,
    }),
  ];
}
