import { fieldsOf, type Plain, toPlain } from "../model/fields.js";
import { isKeptWhenLeftOut } from "../model/kept.js";
import { isSame, normalField } from "../model/normal.js";
import type { ProviderSettings, ProviderType } from "../model/provider.js";
import { isPlain } from "../model/check.js";
import type { FieldChange, WrittenField } from "./actions.js";

/** The fields of a type whose values no read returns. */
export function writtenFields(type: ProviderType): WrittenField[] {
  return Object.entries(fieldsOf(type))
    .filter(([name, { secret }]) => secret || name === "metadataUrl")
    .map(([name]) => name as WrittenField);
}

/** The values that settings give to those. */
export function writtenValues(settings: ProviderSettings): [WrittenField, string][] {
  return writtenFields(settings.type).flatMap((name) => {
    const value = (settings as unknown as Plain)[name];
    return value === undefined ? [] : [[name, value as string]];
  });
}

/** Settings without what no read returns: nothing of them is secret. */
export function shownSettings(settings: ProviderSettings): Plain {
  const written: readonly string[] = writtenFields(settings.type);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !written.includes(name) && value !== undefined,
    ),
  );
}

/** The value that each field should have. Missing are those that stay as they are, and those that no read returns. */
export function wantedFields(settings: ProviderSettings): Record<string, unknown> {
  const { type } = settings;
  const given = settings as unknown as Plain;
  const written: readonly string[] = writtenFields(type);
  return Object.fromEntries(
    Object.entries(fieldsOf(type)).flatMap(([name, spec]) => {
      const value = given[name];
      const isOpen =
        written.includes(name) ||
        (value === undefined && (isKeptWhenLeftOut(type, name) || name === "metadataXml"));
      return isOpen
        ? []
        : [
            [
              name,
              value === undefined ? toPlain(spec, undefined) : normalField(type, name, spec, value),
            ],
          ];
    }),
  );
}

/** How `there` differs from what is wanted, by paths. */
export function fieldChanges(there: Plain, wanted: Plain, path = ""): FieldChange[] {
  return Object.entries(wanted).flatMap(([name, to]) => {
    const from = there[name];
    if (isPlain(to) && isPlain(from)) {
      return fieldChanges(from, to, `${path}${name}.`);
    }
    return isSame(asSet(name, from), asSet(name, to))
      ? []
      : [{ field: `${path}${name}`, from, to }];
  });
}

/** The order of scopes has no meaning (RFC 6749, section 3.3), nor has one that is there twice. */
function asSet(name: string, value: unknown): unknown {
  return name === "scopes" && Array.isArray(value)
    ? [...new Set<string>(value)].toSorted((a, b) => (a < b ? -1 : 1))
    : value;
}
