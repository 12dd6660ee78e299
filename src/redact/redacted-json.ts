import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";
import { redactJsonFields } from "./redact-json-fields.js";

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
  return redactJsonFields(desc, json);
}
