import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

/** Returns true for a JSON object. Arrays and null are not objects in JSON. */
export function isJsonObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
