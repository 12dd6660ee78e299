import { toPlainValue } from "../../model/convert-fields.js";
import {
  getTypeFields,
  type FieldValues,
  isWriteOnly,
  toFieldValues,
} from "../../model/field-specs.js";
import { isKeptWhenLeftOut } from "../../model/kept-fields.js";
import { normalizeField } from "../../model/normalize-fields.js";
import type { ProviderSettings, ProviderType } from "../../model/provider.js";
import type { WrittenField } from "../actions.js";

/** Lists the fields of a type whose values no read returns. */
export function listWriteOnlyFields(type: ProviderType): WrittenField[] {
  return Object.entries(getTypeFields(type))
    .filter(([name, spec]) => isWriteOnly(name, spec))
    .map(([name]) => name as WrittenField);
}

/** Lists the given values of the fields that no read returns. */
export function listWriteOnlyValues(settings: ProviderSettings): [WrittenField, string][] {
  return listWriteOnlyFields(settings.type).flatMap((name) => {
    const value = toFieldValues(settings)[name];
    return value === undefined ? [] : [[name, value as string]];
  });
}

/** Returns settings without the fields that no read returns. The result contains no secret. */
export function pickReadableSettings(settings: ProviderSettings): FieldValues {
  const writeOnly: readonly string[] = listWriteOnlyFields(settings.type);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !writeOnly.includes(name) && value !== undefined,
    ),
  );
}

/** Returns the desired values of fields. Leaves out the fields that keep their current value, and those that no read returns. */
export function toDesiredFields(settings: ProviderSettings): Record<string, unknown> {
  const { type } = settings;
  const given = toFieldValues(settings);
  const writeOnly: readonly string[] = listWriteOnlyFields(type);
  return Object.fromEntries(
    Object.entries(getTypeFields(type)).flatMap(([name, spec]) => {
      const value = given[name];
      const isKept =
        writeOnly.includes(name) || (value === undefined && isKeptWhenLeftOut(type, name));
      return isKept
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
