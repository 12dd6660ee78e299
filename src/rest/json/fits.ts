import type { DescField, DescMessage, JsonReadOptions, JsonWriteOptions } from "@bufbuild/protobuf";
import type { Edition } from "@bufbuild/protobuf/wkt";
import { isTime } from "./time.js";

const proto3: Edition.EDITION_PROTO3 = 999;

const known = new WeakMap<DescMessage, boolean>();

/** Whether our own codec covers a message and all that it can hold. Those of ZITADEL's RPCs fit. */
export function fitsOwnCodec(desc: DescMessage): boolean {
  const before = known.get(desc);
  if (before !== undefined) {
    return before;
  }
  // Until more is known: one that can hold itself does not fit, because nothing here counts how deep it is.
  known.set(desc, false);
  const fits =
    isTime(desc) ||
    (desc.file.edition === proto3 &&
      !desc.typeName.startsWith("google.protobuf.") &&
      desc.fields.every(fieldFits));
  known.set(desc, fits);
  return fits;
}

function fieldFits(field: DescField): boolean {
  return (
    field.fieldKind !== "map" &&
    !("longAsString" in field && field.longAsString) &&
    field.enum?.open !== false &&
    field.enum?.typeName !== "google.protobuf.NullValue" &&
    // An assignment to that key sets the prototype.
    field.name !== "__proto__" &&
    field.jsonName !== "__proto__" &&
    (field.message === undefined || fitsOwnCodec(field.message))
  );
}

/** Whether our own codec knows all options that are given: neither extensions nor a limit of depth. */
export function knowsOptions({
  registry,
  recursionLimit,
}: Partial<JsonReadOptions & JsonWriteOptions>): boolean {
  return registry === undefined && recursionLimit === undefined;
}
