import { parseIsoDate } from "../../../utils/parse-iso-date.js";
import type { Optional } from "../../../utils/optional.js";
import { getTypeFields, type FieldValues, isProviderType } from "../../model/field-specs.js";
import type { SecretField } from "../../model/provider.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";

/**
 * The dates at which secrets expire, as people write them into a desired state. They are not sent to ZITADEL: `apply` keeps them in its
 * state, and `plan` warns from 30 days before. Each is a date such as `2027-03-01`, which means its beginning in UTC, or a date and time
 * with a zone, such as `2027-03-01T12:00:00Z`. An entry may have only the date of the secret of its type.
 */
export interface SecretDateFields {
  /** The date at which the client secret expires. */
  readonly clientSecretExpires?: string | undefined;
  /** The date at which the bind password of an LDAP provider expires. */
  readonly bindPasswordExpires?: string | undefined;
  /** The date at which the private key of an Apple provider is to be replaced. */
  readonly privateKeyExpires?: string | undefined;
}

/** The dates at which secrets expire, by the field of the secret. */
export type SecretDates = Readonly<Optional<Record<SecretField, string>>>;

/** The field of an entry with the date of each secret. */
export const secretDateFields: Readonly<Record<SecretField, keyof SecretDateFields>> = {
  clientSecret: "clientSecretExpires",
  bindPassword: "bindPasswordExpires",
  privateKey: "privateKeyExpires",
};

const secretFields = Object.keys(secretDateFields) as SecretField[];

/** Returns the dates of an entry by the fields of the secrets, or undefined if it has none. */
export function toSecretDates(entry: SecretDateFields): SecretDates | undefined {
  const dates = secretFields.flatMap((field) => {
    const date = entry[secretDateFields[field]];
    return date === undefined ? [] : [[field, date] as const];
  });
  return dates.length === 0 ? undefined : Object.fromEntries(dates);
}

/** Returns dates by the fields of the secrets as the fields of an entry, which reverses `toSecretDates`. */
export function toSecretDateFields(dates: SecretDates = {}): SecretDateFields {
  return Object.fromEntries(
    secretFields.flatMap((field) =>
      dates[field] === undefined ? [] : [[secretDateFields[field], dates[field]]],
    ),
  );
}

/** Returns the problems of the dates of secrets in an entry: texts that are not dates, and dates of secrets that the type does not have. */
export function findSecretDateProblems(
  type: unknown,
  dates: FieldValues,
  path: ProblemPath,
): ProviderProblem[] {
  const ofType = isProviderType(type)
    ? secretFields.filter((field) => field in getTypeFields(type))
    : secretFields;
  return secretFields.flatMap((field) => {
    const name = secretDateFields[field];
    const value = dates[name];
    const message =
      value === undefined
        ? undefined
        : ofType.includes(field)
          ? checkDate(value)
          : `is not for the type ${String(type)}, which has no ${field}${suggestDateField(ofType)}`;
    return message === undefined ? [] : [{ path: [...path, name], message }];
  });
}

function checkDate(value: unknown): string | undefined {
  return typeof value === "string" && parseIsoDate(value) !== undefined
    ? undefined
    : "must be a date such as 2027-03-01, or a date and time with its zone such as 2027-03-01T12:00:00Z";
}

function suggestDateField([field]: readonly SecretField[]): string {
  return field === undefined ? "" : `; did you mean ${secretDateFields[field]}?`;
}
