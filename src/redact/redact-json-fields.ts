import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { isSecretField } from "./is-secret-field.js";
import { redacted } from "./redacted.js";

/** Replaces the value of each field that the protos mark with `debug_redact` in the JSON form of a message. */
export function redactJsonFields(desc: DescMessage, json: JsonValue): JsonValue {
  return mapObject(json, (name, value) => {
    const field = desc.fields.find(({ jsonName }) => jsonName === name);
    return field === undefined ? value : redactField(field, value);
  });
}

function redactField(field: DescField, value: JsonValue): JsonValue {
  const { fieldKind, message } = field;
  if (isSecretField(field)) {
    return redacted;
  }
  if (message === undefined) {
    return value;
  }
  if (fieldKind === "map") {
    return mapObject(value, (_, item) => redactJsonFields(message, item));
  }
  return Array.isArray(value)
    ? value.map((item) => redactJsonFields(message, item))
    : redactJsonFields(message, value);
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
