import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isJsonObject } from "../../utils/is-json-object.js";

/**
 * Returns the paths that decoding a message from JSON ignores: fields, and names of enum values, that its schema does not have.
 */
export function findUnknownFields(desc: DescMessage, json: JsonValue, path = ""): string[] {
  // The well-known types have a JSON form of their own.
  if (!isJsonObject(json) || desc.typeName.startsWith("google.protobuf.")) {
    return [];
  }
  return Object.entries(json).flatMap(([key, value]) => {
    const fieldPath = path === "" ? key : `${path}.${key}`;
    const field = desc.fields.find(({ jsonName, name }) => jsonName === key || name === key);
    if (field === undefined) {
      return [fieldPath];
    }
    const values: [string, JsonValue][] =
      field.fieldKind === "list" && Array.isArray(value)
        ? value.map((item, index) => [`${fieldPath}[${index}]`, item])
        : [[fieldPath, value]];
    return values.flatMap(([valuePath, item]) =>
      field.message !== undefined && field.fieldKind !== "map"
        ? findUnknownFields(field.message, item, valuePath)
        : typeof item === "string" && field.enum?.values.every(({ name }) => name !== item)
          ? [valuePath]
          : [],
    );
  });
}
