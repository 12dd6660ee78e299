import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isDeepEqual } from "../../utils/is-deep-equal.js";

/** Returns the fields that are not empty. Events of adds leave out the others. */
export function omitEmpty(fields: JsonObject): JsonObject {
  return filterFields(fields, (value) => !isEmpty(value));
}

/** Returns the fields of `after` that differ from those of `before`, as events of changes have them: without empty lists. */
export function pickChanged(before: JsonObject, after: JsonObject): JsonObject {
  return filterFields(
    after,
    (value, name) =>
      !isDeepEqual(value, before[name]) && !(Array.isArray(value) && value.length === 0),
  );
}

/** Renames fields. Names without an entry in `names` stay. */
export function renameFields(
  fields: JsonObject,
  names: Readonly<Record<string, string>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [names[name] ?? name, value]),
  );
}

/** Converts a duration in JSON, such as "1.5s", to nanoseconds. */
export function toNanoseconds(duration: JsonValue | undefined): number {
  return typeof duration === "string" ? Math.round(Number.parseFloat(duration) * 1e9) : 0;
}

function filterFields(
  fields: JsonObject,
  isKept: (value: JsonValue, name: string) => boolean,
): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => isKept(value, name)));
}

function isEmpty(value: JsonValue): boolean {
  return (
    value === "" || value === false || value === 0 || (Array.isArray(value) && value.length === 0)
  );
}
