import { mergeFromJson } from "@bufbuild/protobuf";
import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { toFieldPath } from "../../rest/field-names.js";
import { createBadRequestError } from "./bad-request-error.js";

/** Sets the field at the end of a chain of fields. Throws `invalid_argument` if the value is not of the field's type. */
export function mergeUrlValue(
  desc: DescMessage,
  message: Message,
  chain: readonly DescField[],
  value: JsonValue,
): void {
  const json = chain.reduceRight<JsonValue>((inner, { name }) => ({ [name]: inner }), value);
  try {
    mergeFromJson(desc, message, json as JsonObject, { ignoreUnknownFields: true });
  } catch {
    throw createBadRequestError(
      `type mismatch, parameter: ${toFieldPath(chain)}, error: the value is not of the field's type`,
    );
  }
}
