import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { isSecretField } from "./is-secret-field.js";
import { redacted } from "./redacted.js";

/**
 * Converts a message to JSON, with `"[redacted]"` as the value of each field that the protos mark with `debug_redact`.
 *
 * Throws a TypeError if the message has a value of a wrong type. The error repeats no value.
 *
 * @example
 * console.log(redactedJson(AddGoogleProviderRequestSchema, request)); // { clientId: "id", clientSecret: "[redacted]" }
 */
export function redactedJson(desc: DescMessage, message: Message): JsonValue {
  let json: JsonValue;
  try {
    json = toJson(desc, message);
  } catch {
    // The error of toJson contains the value.
    throw new TypeError(`the ${desc.typeName} has a value of a wrong type`);
  }
  return redactFields(desc, json);
}

function redactFields(desc: DescMessage, json: JsonValue): JsonValue {
  return mapObject(json, (name, value) => {
    const field = desc.fields.find(({ jsonName }) => jsonName === name);
    if (field === undefined || !field.message) {
      return field && isSecretField(field) ? redacted : value;
    }
    const { message } = field;
    if (isSecretField(field)) {
      return redacted;
    }
    return field.fieldKind === "map"
      ? mapObject(value, (_, item) => redactFields(message, item))
      : Array.isArray(value)
        ? value.map((item) => redactFields(message, item))
        : redactFields(message, value);
  });
}

function mapObject(
  json: JsonValue,
  change: (name: string, value: JsonValue) => JsonValue,
): JsonValue {
  // Some messages, e.g. a Timestamp, have a JSON form that is not an object.
  return typeof json !== "object" || json === null || Array.isArray(json)
    ? json
    : Object.fromEntries(Object.entries(json).map(([name, value]) => [name, change(name, value)]));
}
