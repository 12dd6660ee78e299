import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isJsonObject } from "../../utils/is-json-object.js";

/** Returns the paths of the fields and enum values in JSON that the schema of a message does not have. Decoding ignores them. */
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
    return values.flatMap(([valuePath, item]) => findUnknownIn(field, item, valuePath));
  });
}

/** Returns the unknown paths in a value of a known field, or in an item of its list. */
function findUnknownIn(field: DescField, json: JsonValue, path: string): string[] {
  if (field.message !== undefined && field.fieldKind !== "map") {
    return findUnknownFields(field.message, json, path);
  }
  const isUnknownName =
    typeof json === "string" && field.enum?.values.every(({ name }) => name !== json);
  return isUnknownName ? [path] : [];
}
