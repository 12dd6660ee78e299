import { mergeFromJson } from "@bufbuild/protobuf";
import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { badRequestError, explainDecodeError, readOptions } from "./bad-request.js";
import { toFieldPath } from "./field-names.js";
import { parseUrlValue } from "./parse-url-value.js";

/** Converts a value of the path or the query to JSON. Throws `invalid_argument` if the text is not a value of the field. */
export function requireUrlValue(
  field: DescField | undefined,
  name: string,
  text: string,
): JsonValue {
  const value = field && parseUrlValue(field, text);
  if (value === undefined) {
    throw badRequestError(`parsing field "${name}": invalid value`);
  }
  return value;
}

/** Sets the field at the end of a chain of fields. Throws `invalid_argument` if the value is not of the field's type. */
export function mergeUrlValue(
  desc: DescMessage,
  message: Message,
  chain: readonly DescField[],
  value: JsonValue,
): void {
  const json = chain.reduceRight<JsonValue>((inner, { name }) => ({ [name]: inner }), value);
  try {
    mergeFromJson(desc, message, json as JsonObject, readOptions);
  } catch (cause) {
    const path = toFieldPath(chain);
    throw badRequestError(`type mismatch, parameter: ${path}, error: ${explainDecodeError(cause)}`);
  }
}
