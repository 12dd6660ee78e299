import type { DescField, DescMessage, JsonReadOptions, JsonWriteOptions } from "@bufbuild/protobuf";
import type { Edition } from "@bufbuild/protobuf/wkt";
import { isTimeMessage } from "./time-json.js";

const proto3: Edition.EDITION_PROTO3 = 999;

const results = new WeakMap<DescMessage, boolean>();

/** Returns true if the compact codec supports a message and all messages inside it. It supports all messages of ZITADEL's RPCs. */
export function compactCodecSupports(desc: DescMessage): boolean {
  const knownResult = results.get(desc);
  if (knownResult !== undefined) {
    return knownResult;
  }
  // A message that can contain itself is not supported, because the compact codec has no depth limit. This entry ends the recursion.
  results.set(desc, false);
  const isSupported =
    isTimeMessage(desc) ||
    (desc.file.edition === proto3 &&
      !desc.typeName.startsWith("google.protobuf.") &&
      desc.fields.every(supportsField));
  results.set(desc, isSupported);
  return isSupported;
}

function supportsField(field: DescField): boolean {
  return (
    field.fieldKind !== "map" &&
    !("longAsString" in field && field.longAsString) &&
    field.enum?.open !== false &&
    field.enum?.typeName !== "google.protobuf.NullValue" &&
    // An assignment to the key `__proto__` would set the prototype.
    field.name !== "__proto__" &&
    field.jsonName !== "__proto__" &&
    (field.message === undefined || compactCodecSupports(field.message))
  );
}

/** Returns true if the compact codec supports the given options: neither a registry nor a depth limit. */
export function compactCodecSupportsOptions({
  registry,
  recursionLimit,
}: Partial<JsonReadOptions & JsonWriteOptions>): boolean {
  return registry === undefined && recursionLimit === undefined;
}
