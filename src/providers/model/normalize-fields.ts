import { create } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import type { FieldSpec } from "../../../gen/providers.js";
import { storageRules, toStoredTimeout } from "./stored-values.js";
import { trim } from "../trim.js";
import { withLineBreaks } from "./checks/pem-fields.js";
import { fieldsOfType, type PlainFields, toPlainValue, toMessageValue } from "./convert-fields.js";
import type { ProviderType } from "./provider.js";

/** The fields that contain PEM. */
const pemFields: ReadonlySet<string> = new Set(["privateKey", "rootCa"]);

/** Returns the value of a field as reads will return it, so that different spellings of a value compare as equal. */
export function normalizeField(
  type: ProviderType,
  name: string,
  spec: FieldSpec,
  value: unknown,
): unknown {
  if (spec.kind === "duration") {
    const stored = toStoredTimeout(toMessageValue(spec, value) as Duration);
    return toPlainValue(spec, stored && create(DurationSchema, stored));
  }
  const given = pemFields.has(name) ? withLineBreaks(value as string) : value;
  const normal = toPlainValue(spec, toMessageValue(spec, given));
  const isTrimmed = spec.kind === "text" && !storageRules[type]?.untrimmed?.includes(name);
  return isTrimmed ? trim(normal as string) : normal;
}

/** Normalizes each given field of a type. */
export function normalizeFields(type: ProviderType, given: PlainFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fieldsOfType(type)).flatMap(([name, spec]) =>
      given[name] === undefined ? [] : [[name, normalizeField(type, name, spec, given[name])]],
    ),
  );
}

/** Returns true if two normalized values are equal. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return false;
  }
  const [ofA, ofB] = [Object.entries(a), Object.entries(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    ofA.length === ofB.length &&
    ofA.every(([name, value]) => isDeepEqual(value, (b as PlainFields)[name]))
  );
}
