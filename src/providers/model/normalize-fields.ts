import { create } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { DurationSchema } from "../../../gen/google/protobuf/duration_pb.js";
import type { FieldSpec } from "../../../gen/providers.js";
import { trim } from "../../utils/trim.js";
import { toMessageValue, toPlainValue } from "./convert-fields.js";
import { getTypeFields, type FieldValues } from "./field-specs.js";
import { restorePemLineBreaks } from "./pem-line-breaks.js";
import type { ProviderType } from "./provider.js";
import { toStoredTimeout } from "../../utils/to-stored-timeout.js";
import { storageRules } from "./stored-values.js";

/** The fields that contain PEM. */
const pemFields: ReadonlySet<string> = new Set(["privateKey", "rootCa"]);

/** Returns the value of a field as reads will return it. Different spellings of a value therefore compare as equal. */
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
  const given = pemFields.has(name) ? restorePemLineBreaks(value as string) : value;
  const normal = toPlainValue(spec, toMessageValue(spec, given));
  const isTrimmed = spec.kind === "text" && !storageRules[type]?.untrimmed?.includes(name);
  return isTrimmed ? trim(normal as string) : normal;
}

/** Normalizes each given field of a type. */
export function normalizeFields(type: ProviderType, given: FieldValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(getTypeFields(type)).flatMap(([name, spec]) =>
      given[name] === undefined ? [] : [[name, normalizeField(type, name, spec, given[name])]],
    ),
  );
}
