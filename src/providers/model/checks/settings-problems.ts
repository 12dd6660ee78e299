import { providerTypes } from "../../../../gen/providers.js";
import type { ProviderProblem } from "../../provider-error.js";
import { getTypeFields, type FieldValues, isProviderType } from "../field-specs.js";
import type { ProviderType } from "../provider.js";
import { findMemberProblems } from "./member-problems.js";
import { findSamlProblems } from "./saml.js";
import type { SettingsPurpose } from "./settings-purpose.js";
import { describeAllowedValues } from "./suggest-name.js";
import { findValueProblems } from "./value-problems.js";

/**
 * Returns the problems of settings, each with its location: fields that the type does not have, values that the server would
 * reject, and values that are certainly mistakes. Messages never repeat a value, because it may be a secret.
 *
 * For the purpose `describe`, checks only the form of the settings, because an odd value may be the current value of the provider. The
 * plan checks the values with `findValueProblems` once it knows the provider.
 */
export function findSettingsProblems(
  settings: FieldValues,
  purpose: SettingsPurpose,
): ProviderProblem[] {
  const { type, ...fields } = settings;
  if (!isProviderType(type)) {
    return [{ path: ["type"], message: describeAllowedValues(type, Object.keys(providerTypes)) }];
  }
  return findFieldProblems(type, fields, purpose);
}

/** Returns the problems of the fields of a type. Skips values that the provider already has in `before`. */
export function findFieldProblems(
  type: ProviderType,
  given: FieldValues,
  purpose: SettingsPurpose,
  before?: FieldValues,
): ProviderProblem[] {
  const problems = [
    ...findReadOnlyFields(given),
    ...findMemberProblems(
      `a provider of type ${type}`,
      getTypeFields(type),
      Object.fromEntries(Object.entries(given).filter(([name]) => !readOnlyFields.has(name))),
      [],
      purpose === "describe" ? entryNames : [],
    ),
    ...findMissingFields(type, given, purpose),
    ...(purpose === "add" ? [] : findUndefinedSecrets(type, given)),
    ...(type === "saml" ? findSamlProblems(given, purpose) : []),
  ];
  if (purpose === "describe") {
    return problems;
  }
  const malformed = new Set(problems.map(({ path }) => path[0]));
  const wellFormed = Object.entries(given).filter(([name]) => !malformed.has(name));
  return [...problems, ...findValueProblems(type, Object.fromEntries(wellFormed), before)];
}

/** The members of an entry of a desired state that are not fields of its type. */
const entryNames: readonly string[] = ["id", "active", "absent", "instance"];

/** The fields of a provider that reads return and that cannot be written. */
const readOnlyFields: ReadonlySet<string> = new Set([
  "id",
  "owner",
  "ownerId",
  "state",
  "createdAt",
  "changedAt",
  "sequence",
  "unknown",
]);

/** Returns a problem for each field that comes from a read and cannot be written. */
function findReadOnlyFields(given: FieldValues): ProviderProblem[] {
  return Object.keys(given)
    .filter((name) => readOnlyFields.has(name) && given[name] !== undefined)
    .map((name) => ({
      path: [name],
      message: "cannot be written: leave it out, as toSettings of zitadel-idp/forms does",
    }));
}

/** Returns the problems of required fields that are missing. The secrets of an existing provider may be left out. */
function findMissingFields(
  type: ProviderType,
  given: FieldValues,
  purpose: SettingsPurpose,
): ProviderProblem[] {
  return Object.entries(getTypeFields(type)).flatMap(([name, { secret, min = 0 }]) => {
    const isRequired = min > 0 && (purpose === "add" || (purpose === "describe" && !secret));
    return isRequired && given[name] === undefined
      ? [{ path: [name], message: secret ? "is required to add it" : "is required" }]
      : [];
  });
}

/**
 * Returns the problems of secrets with the value `undefined`, such as that of an unset environment variable. Treating such a secret as
 * left out would keep the current one, so a rotation would silently do nothing.
 */
export function findUndefinedSecrets(type: ProviderType, given: FieldValues): ProviderProblem[] {
  return Object.entries(getTypeFields(type)).flatMap(([name, { secret }]) =>
    secret && Object.hasOwn(given, name) && given[name] === undefined
      ? [
          {
            path: [name],
            message:
              "is undefined: check the environment variable that it comes from, or leave it out to keep the current secret",
          },
        ]
      : [],
  );
}
