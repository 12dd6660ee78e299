import type { Fields, FieldSpec } from "../../../../gen/providers.js";
import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import { getPartFields, getTypeFields, type FieldValues } from "../field-specs.js";
import { normalizeField } from "../normalize-fields.js";
import type { ProviderType } from "../provider.js";
import { checkTenant } from "./tenant.js";
import { checkIdentifier, checkUntrimmedIdentifier } from "./identifier.js";
import {
  checkBaseDn,
  checkLdapAttribute,
  checkLdapServer,
  checkLoginName,
  checkObjectClass,
  checkUserFilter,
} from "./ldap.js";
import { checkAppleKey, checkRootCa } from "./pem-fields.js";
import { checkMetadataXml } from "./saml.js";
import { checkSecret } from "./secret.js";
import { checkDomain, checkHeaderName, checkScope, checkTimeout } from "./text-fields.js";
import { checkEndpoint, checkHttpUrl, checkIssuer, checkSignInUrl } from "./url.js";

/** A check of the text of a field, or for each entry of a list. Returns the problem and the fix. */
type ValueCheck = (text: string) => string | undefined;

/**
 * The checks by field name, which means the same in almost all types. They reject values that ZITADEL rejects, and values that ZITADEL
 * stores although they are certainly mistakes. Lengths have been checked before.
 */
const checksByField: Readonly<Record<string, ValueCheck>> = {
  audience: checkUntrimmedIdentifier,
  authorizationEndpoint: checkEndpoint,
  baseDn: checkBaseDn,
  bindDn: checkLoginName,
  bindPassword: checkSecret,
  clientId: checkIdentifier,
  clientSecret: checkSecret,
  headerName: checkHeaderName,
  idAttribute: checkIdentifier,
  issuer: checkIssuer,
  jwtEndpoint: checkSignInUrl,
  keysEndpoint: checkSignInUrl,
  metadataUrl: checkHttpUrl,
  metadataXml: checkMetadataXml,
  organizationDomain: checkDomain,
  organizationId: checkIdentifier,
  privateKey: checkAppleKey,
  rootCa: checkRootCa,
  scopes: checkScope,
  servers: checkLdapServer,
  tenant: checkTenant,
  timeout: checkTimeout,
  tokenEndpoint: checkEndpoint,
  transientMappingAttributeName: checkUntrimmedIdentifier,
  userBase: checkLoginName,
  userEndpoint: checkEndpoint,
  userFilters: checkUserFilter,
  userObjectClasses: checkObjectClass,
};

/** The checks of fields whose name means something else in one type. */
const checksByType: Readonly<Partial<Record<ProviderType, Readonly<Record<string, ValueCheck>>>>> =
  {
    // The `iss` of a JWT may be any text.
    jwt: { issuer: checkIdentifier },
  };

/** The checks of fields inside other fields, by the name of the message. */
const checksByPart: Readonly<Record<string, (name: string) => ValueCheck | undefined>> = {
  LDAPAttributes: () => checkLdapAttribute,
  InstanceRolesInfo: (name) => checksByField[name],
};

/**
 * Returns the problems of the values of fields, which must have the right types. Skips values that the provider already has in `before`,
 * so that an odd value does not block other changes.
 */
export function findValueProblems(
  type: ProviderType,
  given: FieldValues,
  before: FieldValues = {},
): ProviderProblem[] {
  const fields = getTypeFields(type);
  const changed = Object.entries(given).filter(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return (
      spec !== undefined &&
      value !== undefined &&
      !(
        before[name] !== undefined &&
        isDeepEqual(normalizeField(type, name, spec, value), before[name])
      )
    );
  });
  return findProblemsInFields(
    fields,
    Object.fromEntries(changed),
    before,
    [],
    (name) => checksByType[type]?.[name] ?? checksByField[name],
  );
}

function findProblemsInFields(
  fields: Fields,
  given: FieldValues,
  before: unknown,
  path: ProblemPath,
  getCheck: (name: string) => ValueCheck | undefined,
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const valueBefore = (before as FieldValues | undefined)?.[name];
    return spec === undefined || value === undefined
      ? []
      : findProblemsInField(spec, value, valueBefore, [...path, name], getCheck(name));
  });
}

function findProblemsInField(
  spec: FieldSpec,
  value: unknown,
  before: unknown,
  path: ProblemPath,
  check: ValueCheck | undefined,
): ProviderProblem[] {
  const applyCheck = (text: string, at: ProblemPath): ProviderProblem[] => {
    const message = check?.(text);
    return message === undefined ? [] : [{ path: at, message }];
  };
  switch (spec.kind) {
    case "object":
      return findProblemsInFields(
        getPartFields(spec),
        value as FieldValues,
        before,
        path,
        getPartChecks(spec.of),
      );
    case "objects":
      return (value as readonly FieldValues[]).flatMap((each, index) =>
        findProblemsInFields(
          getPartFields(spec),
          each,
          undefined,
          [...path, index],
          getPartChecks(spec.of),
        ),
      );
    case "texts":
      return (value as readonly string[]).flatMap((each, index) =>
        Array.isArray(before) && before.includes(each) ? [] : applyCheck(each, [...path, index]),
      );
    default:
      return typeof value === "string" && value !== before ? applyCheck(value, path) : [];
  }
}

function getPartChecks(of: string): (name: string) => ValueCheck | undefined {
  return checksByPart[of] ?? (() => undefined);
}
