import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { isSecret } from "./is-secret.js";
import { redacted } from "./redacted.js";

/**
 * A message in its JSON form, with `"[redacted]"` as the value of each field that the protos mark with `debug_redact`.
 *
 * Throws a TypeError, which repeats no value, when the message has a value of a wrong type.
 */
export function redactedJson(desc: DescMessage, message: Message): JsonValue {
  let json: JsonValue;
  try {
    json = toJson(desc, message);
  } catch {
    // What toJson throws has the value in its text.
    throw new TypeError(`the ${desc.typeName} has a value of a wrong type`);
  }
  return redact(desc, json);
}

function redact(desc: DescMessage, json: JsonValue): JsonValue {
  return mapObject(json, (name, value) => {
    const field = desc.fields.find(({ jsonName }) => jsonName === name);
    if (field === undefined || !field.message) {
      return field && isSecret(field) ? redacted : value;
    }
    const { message } = field;
    if (isSecret(field)) {
      return redacted;
    }
    return field.fieldKind === "map"
      ? mapObject(value, (_, item) => redact(message, item))
      : Array.isArray(value)
        ? value.map((item) => redact(message, item))
        : redact(message, value);
  });
}

function mapObject(
  json: JsonValue,
  change: (name: string, value: JsonValue) => JsonValue,
): JsonValue {
  // The JSON form of some messages, e.g. of a Timestamp, is no object.
  return typeof json !== "object" || json === null || Array.isArray(json)
    ? json
    : Object.fromEntries(Object.entries(json).map(([name, value]) => [name, change(name, value)]));
}
