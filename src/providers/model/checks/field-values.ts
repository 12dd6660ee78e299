import type { Fields, FieldSpec } from "../../../../gen/providers.js";
import { metadataProblem } from "../../../formats/saml-metadata.js";
import type { ProviderProblem } from "../../provider-error.js";
import { bytesOfText, fieldsOf, partOf, type Plain } from "../convert-fields.js";
import { isSame, normalField } from "../normalize-fields.js";
import type { ProviderType } from "../provider.js";
import { baseDn, ldapAttribute, ldapServer, loginName, objectClass, userFilter } from "./ldap.js";
import { appleKey, rootCa } from "./pem-fields.js";
import { tenant } from "./entra-tenant.js";
import {
  domain,
  headerName,
  identifier,
  scope,
  secretText,
  timeout,
  untrimmedIdentifier,
} from "./text-fields.js";
import { endpoint, httpUrl, issuer, usedUrl } from "./url.js";

/** A rule for the text of a field, or for each entry of a list. Returns the problem and the fix. */
type Rule = (text: string) => string | undefined;

/**
 * The rules by field name. A name has the same meaning in all types. The rules reject values that ZITADEL rejects, and values
 * that ZITADEL stores although they are certainly a mistake. Lengths are checked before.
 */
const rules: Readonly<Record<string, Rule>> = {
  audience: untrimmedIdentifier,
  authorizationEndpoint: endpoint,
  baseDn,
  bindDn: loginName,
  bindPassword: secretText,
  clientId: identifier,
  clientSecret: secretText,
  headerName,
  idAttribute: identifier,
  issuer,
  jwtEndpoint: usedUrl,
  keysEndpoint: usedUrl,
  metadataUrl: httpUrl,
  metadataXml,
  organizationDomain: domain,
  organizationId: identifier,
  privateKey: appleKey,
  rootCa,
  scopes: scope,
  servers: ldapServer,
  tenant,
  timeout,
  tokenEndpoint: endpoint,
  transientMappingAttributeName: untrimmedIdentifier,
  userBase: loginName,
  userEndpoint: endpoint,
  userFilters: userFilter,
  userObjectClasses: objectClass,
};

/** The rules of fields that have another meaning in one type. */
const rulesOfTypes: Readonly<Partial<Record<ProviderType, Readonly<Record<string, Rule>>>>> = {
  // The `iss` of a JWT may be any text.
  jwt: { issuer: identifier },
};

/** The rules of fields inside other fields, by the name of the message. */
const rulesOfParts: Readonly<Record<string, (name: string) => Rule | undefined>> = {
  LDAPAttributes: () => ldapAttribute,
  InstanceRolesInfo: (name) => rules[name],
};

/**
 * Returns the problems of the values of fields. The values must have the right types. A value that the provider already has in
 * `before` is skipped, so that an odd value does not block other changes.
 */
export function valueProblems(
  type: ProviderType,
  given: Plain,
  before: Plain = {},
): ProviderProblem[] {
  const fields = fieldsOf(type);
  const changed = Object.entries(given).filter(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return (
      spec !== undefined &&
      value !== undefined &&
      !(before[name] !== undefined && isSame(normalField(type, name, spec, value), before[name]))
    );
  });
  return inFields(
    fields,
    Object.fromEntries(changed),
    before,
    [],
    (name) => rulesOfTypes[type]?.[name] ?? rules[name],
  );
}

type Path = ProviderProblem["path"];

function inFields(
  fields: Fields,
  given: Plain,
  before: unknown,
  path: Path,
  ruleOf: (name: string) => Rule | undefined,
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const there = (before as Plain | undefined)?.[name];
    return spec === undefined || value === undefined
      ? []
      : inField(spec, value, there, [...path, name], ruleOf(name));
  });
}

function inField(
  spec: FieldSpec,
  value: unknown,
  before: unknown,
  path: Path,
  rule: Rule | undefined,
): ProviderProblem[] {
  const apply = (text: string, at: Path): ProviderProblem[] => {
    const message = rule?.(text);
    return message === undefined ? [] : [{ path: at, message }];
  };
  switch (spec.kind) {
    case "object":
      return inFields(partOf(spec), value as Plain, before, path, ruleOfPart(spec.of));
    case "objects":
      return (value as readonly Plain[]).flatMap((each, index) =>
        inFields(partOf(spec), each, undefined, [...path, index], ruleOfPart(spec.of)),
      );
    case "texts":
      return (value as readonly string[]).flatMap((each, index) =>
        Array.isArray(before) && before.includes(each) ? [] : apply(each, [...path, index]),
      );
    default:
      return typeof value === "string" && value !== before ? apply(value, path) : [];
  }
}

function ruleOfPart(of: string): (name: string) => Rule | undefined {
  return rulesOfParts[of] ?? (() => undefined);
}

function metadataXml(text: string): string | undefined {
  return /^\s*https?:\/\/\S+\s*$/.test(text)
    ? "is a URL: give it as metadataUrl, and ZITADEL fetches the metadata from it"
    : metadataProblem(bytesOfText(text));
}
