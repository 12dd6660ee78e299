import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isJsonObject } from "../utils/is-json-object.js";

/**
 * Returns true for a JSON object of another program: it has members, but none that the message has.
 *
 * Newer servers may add members, so unknown members beside known ones do not count. A member that contains a message counts only
 * if its value can be that message, because other programs use names such as `details` too.
 */
export function hasNoKnownField(desc: DescMessage, json: JsonValue): boolean {
  return isJsonObject(json) && !mayHoldMessage(desc, json);
}

/** Returns true if JSON may be a message: it is empty, or has a member of the message. */
function mayHoldMessage(desc: DescMessage, json: JsonValue | undefined): boolean {
  // The well-known types have a JSON form of their own, except google.protobuf.Empty.
  if (/^google\.protobuf\.(?!Empty$)/.test(desc.typeName)) {
    return true;
  }
  const members = isJsonObject(json) ? Object.entries(json) : [["", ""] as const];
  return (
    members.length === 0 ||
    members.some(([key, value]) => {
      const field = desc.fields.find(({ name, jsonName }) => key === jsonName || key === name);
      // A name in brackets is the name of an extension.
      return field === undefined ? key.startsWith("[") : mayHoldField(field, value);
    })
  );
}

function mayHoldField({ message, fieldKind }: DescField, json: JsonValue): boolean {
  if (message === undefined || fieldKind === "map" || json === null) {
    return true;
  }
  return fieldKind === "list" && Array.isArray(json)
    ? json.length === 0 || mayHoldMessage(message, json[0])
    : mayHoldMessage(message, json);
}
