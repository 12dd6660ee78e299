import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isJsonObject } from "../utils/is-json-object.js";

/**
 * Returns true for a JSON object that another program sent: it has members, and none that the message has.
 *
 * Newer servers may add members, so unknown members beside known ones do not count. A member that contains a message counts only
 * if its value can be that message, because other programs use names such as `details` too.
 */
export function hasNoKnownField(desc: DescMessage, json: JsonValue): boolean {
  return isJsonObject(json) && !mayHoldMessage(desc, json);
}

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
      const { message, fieldKind } = field ?? {};
      return message === undefined || fieldKind === "map" || value === null
        ? // A name in brackets is the name of an extension.
          field !== undefined || key.startsWith("[")
        : fieldKind === "list" && Array.isArray(value)
          ? value.length === 0 || mayHoldMessage(message, value[0])
          : mayHoldMessage(message, value);
    })
  );
}
