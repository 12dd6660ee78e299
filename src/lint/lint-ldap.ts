import { findingIf } from "./finding-if.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { isLoopback } from "../utils/loopback.js";
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
  subject.type === "ldap" ? [...lintConnection(subject.values), ...lintAttributes(subject)] : [];

function lintConnection(values: FieldValues): RuleFinding[] {
  const servers = readTexts(values, "servers").map((server) => parseUrl(server));
  const hasStartTls = values["startTls"] === true;
  const hasTlsServer = servers.some((url) => url?.protocol === "ldaps:");
  const hasPlainServer = servers.some((url) => url?.protocol === "ldap:");
  return [
    ...servers.flatMap((url, index) =>
      url === undefined ? [] : lintServer(url, hasStartTls, index),
    ),
    ...findingIf(hasStartTls && hasTlsServer && !hasPlainServer, {
      severity: "note",
      check: "ldap/start-tls-unused",
      path: ["startTls"],
      message: "startTls has no effect, because ldaps:// URLs use TLS from the start",
      fix: "remove startTls",
    }),
    ...findingIf(readText(values, "rootCa") !== "" && hasPlainServer && !hasTlsServer, {
      severity: "note",
      check: "ldap/root-ca-unused",
      path: ["rootCa"],
      message: "ZITADEL uses rootCa for ldaps:// servers only, not for StartTLS",
      fix: "use an ldaps:// URL, or remove rootCa",
    }),
  ];
}

function lintServer(
  { protocol, hostname, port }: URL,
  hasStartTls: boolean,
  index: number,
): RuleFinding[] {
  const path = ["servers", index];
  const isMismatch =
    (protocol === "ldaps:" && port === "389") || (protocol === "ldap:" && port === "636");
  return [
    ...findingIf(isMismatch, {
      severity: "risk",
      check: "ldap/port-mismatch",
      path,
      message: `port ${port} is the standard port of ${protocol === "ldaps:" ? "ldap" : "ldaps"}://`,
      fix: "use ldaps:// with port 636, or ldap:// with port 389",
    }),
    ...findingIf(protocol === "ldap:" && !hasStartTls, {
      severity: isLoopback(hostname) ? "note" : "risk",
      check: "ldap/no-tls",
      path,
      message: "passwords cross the network without encryption: ldap:// without startTls",
      fix: "use an ldaps:// URL, or set startTls: true",
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
    ...findingIf(idAttribute === "", {
      severity: "broken",
      check: "ldap/id-attribute-missing",
      path: ["attributes", "idAttribute"],
      message: "ZITADEL reads no id for users, so it cannot tell them apart",
      fix: "set attributes.idAttribute, for example to entryUUID, objectGUID or uid",
    }),
    ...findingIf(changeableAttributes.has(idAttribute.toLowerCase()), {
      severity: "risk",
      check: "ldap/changeable-id-attribute",
      path: ["attributes", "idAttribute"],
      message:
        "the attribute can change or be given to another person, who then gets the account of the first one",
      fix: "set attributes.idAttribute to an attribute that never changes, such as entryUUID, objectGUID or uid",
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
    ...findingIf(linking !== "" && readText(attributes, linking) === "", {
      severity: "risk",
      check: "ldap/linking-attribute-missing",
      path: ["attributes", linking],
      message: `autoLinking by ${autoLinking} has no effect, because ${linking} is empty`,
      fix: `set attributes.${linking}, or options.autoLinking: unspecified`,
    }),
    ...findingIf(isCreationAllowed && missing.length > 0, {
      severity: "note",
      check: "ldap/profile-attributes-missing",
      path: ["attributes"],
      message: `new users must enter the values of ${missing.join(", ")}`,
      fix: `set ${missing.map((name) => `attributes.${name}`).join(", ")}`,
    }),
  ];
}
