import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { toPlainValue } from "../model/convert-fields.js";
import { fieldsOfType, type FieldValues } from "../model/field-specs.js";
import { isKeptWhenLeftOut } from "../model/kept-fields.js";
import { normalizeField } from "../model/normalize-fields.js";
import type { ProviderSettings, ProviderType } from "../model/provider.js";
import type { FieldChange, WrittenField } from "./actions.js";

/** Returns the fields of a type whose values no read returns. */
export function writeOnlyFields(type: ProviderType): WrittenField[] {
  return Object.entries(fieldsOfType(type))
    .filter(([name, { secret }]) => secret || name === "metadataUrl")
    .map(([name]) => name as WrittenField);
}

/** Returns the values of the fields that no read returns, as far as the settings have them. */
export function writeOnlyValues(settings: ProviderSettings): [WrittenField, string][] {
  return writeOnlyFields(settings.type).flatMap((name) => {
    const value = (settings as unknown as FieldValues)[name];
    return value === undefined ? [] : [[name, value as string]];
  });
}

/** Returns settings without the fields that no read returns. The result contains no secret. */
export function readableSettings(settings: ProviderSettings): FieldValues {
  const written: readonly string[] = writeOnlyFields(settings.type);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !written.includes(name) && value !== undefined,
    ),
  );
}

/** Returns the desired value of each field. Leaves out the fields that stay as they are and the fields that no read returns. */
export function toDesiredFields(settings: ProviderSettings): Record<string, unknown> {
  const { type } = settings;
  const given = settings as unknown as FieldValues;
  const written: readonly string[] = writeOnlyFields(type);
  return Object.fromEntries(
    Object.entries(fieldsOfType(type)).flatMap(([name, spec]) => {
      const value = given[name];
      const isOpen =
        written.includes(name) ||
        (value === undefined && (isKeptWhenLeftOut(type, name) || name === "metadataXml"));
      return isOpen
        ? []
        : [
            [
              name,
              value === undefined
                ? toPlainValue(spec, undefined)
                : normalizeField(type, name, spec, value),
            ],
          ];
    }),
  );
}

/** Returns the changes that turn `there` into `wanted`, by paths. */
export function compareFields(there: FieldValues, wanted: FieldValues, path = ""): FieldChange[] {
  return Object.entries(wanted).flatMap(([name, to]) => {
    const from = there[name];
    if (isPlainObject(to) && isPlainObject(from)) {
      return compareFields(from, to, `${path}${name}.`);
    }
    return isDeepEqual(toSortedScopes(name, from), toSortedScopes(name, to))
      ? []
      : [{ field: `${path}${name}`, from, to }];
  });
}

/** Sorts scopes and removes duplicates: neither their order nor a repeated scope has a meaning (RFC 6749, section 3.3). */
function toSortedScopes(name: string, value: unknown): unknown {
  return name === "scopes" && Array.isArray(value)
    ? [...new Set<string>(value)].toSorted((a, b) => (a < b ? -1 : 1))
    : value;
}
