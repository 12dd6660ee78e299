import type { DescField, JsonWriteOptions } from "@bufbuild/protobuf";

/** Returns the proto names of a chain of fields, joined by dots. */
export function toFieldPath(chain: readonly DescField[]): string {
  return chain.map((field) => field.name).join(".");
}

/** Returns the name of a field in JSON and in a query. */
export function toJsonKey(field: DescField, options: Partial<JsonWriteOptions>): string {
  return options.useProtoFieldName ? field.name : field.jsonName;
}
