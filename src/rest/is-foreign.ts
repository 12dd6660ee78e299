import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";

/**
 * Returns true for a JSON object that is the answer of another program: it has members, and none that the message has. Servers
 * that are newer may add members, so unknown ones beside known ones say nothing.
 */
export function isForeign(desc: DescMessage, json: JsonValue): boolean {
  return (
    typeof json === "object" && json !== null && !Array.isArray(json) && !sharesMember(desc, json)
  );
}

/** A member that holds a message counts only if it can be that message: other programs use names such as `details` too. */
function sharesMember(desc: DescMessage, json: JsonValue, depth = 8): boolean {
  // The well-known types have a JSON form of their own.
  if (depth === 0 || (desc.typeName.startsWith("google.protobuf.") && desc.typeName !== empty)) {
    return true;
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return false;
  }
  const keys = Object.keys(json);
  return (
    keys.length === 0 ||
    keys.some((key) => {
      const field = desc.fields.find(({ name, jsonName }) => key === jsonName || key === name);
      // In brackets stands the name of an extension.
      return field === undefined ? key.startsWith("[") : fits(field, json[key] ?? null, depth - 1);
    })
  );
}

/** The message of RPCs that answer nothing. As its JSON is an ordinary object, it is like any other. */
const empty = "google.protobuf.Empty";

function fits({ fieldKind, message }: DescField, json: JsonValue, depth: number): boolean {
  if (json === null || message === undefined || fieldKind === "map") {
    return true;
  }
  return fieldKind === "list" && Array.isArray(json)
    ? json.length === 0 || json.some((item) => sharesMember(message, item, depth))
    : sharesMember(message, json, depth);
}
