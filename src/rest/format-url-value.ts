import type { DescField, DescMessage, JsonWriteOptions } from "@bufbuild/protobuf";
import { isWrapperDesc, type FieldMask } from "@bufbuild/protobuf/wkt";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { JsonCodec } from "./json/json-codec.js";
import type { MessageView } from "./json/message-view.js";

/** The options for values in paths and queries. */
export interface UrlValueOptions extends Partial<JsonWriteOptions> {
  /**
   * The form of names inside a FieldMask in the query. Default: `"snake_case"`.
   *
   * grpc-gateway, and therefore ZITADEL, accepts only proto names; other servers expect the JSON form. In a JSON body a mask is
   * always camelCase.
   */
  queryFieldMask?: "snake_case" | "camelCase" | undefined;
}

const scalarTypes: readonly string[] = ["Timestamp", "Duration", "FieldMask"];
const jsonTypes: readonly string[] = ["Struct", "Value"];

/** Returns true if the JSON form of a message is a single text, number or boolean: a timestamp, duration, mask or wrapper. */
export function hasScalarJsonForm(message: DescMessage): boolean {
  return isWrapperDesc(message) || scalarTypes.some((name) => isWellKnown(message, name));
}

/** Returns true if grpc-gateway decodes a message from a query parameter that contains JSON. */
export function isJsonInQuery(message: DescMessage): boolean {
  return jsonTypes.some((name) => isWellKnown(message, name));
}

/**
 * Returns the text of a single value for a path or query, before escaping.
 *
 * `value` comes from a view of a message or a list: a scalar, an enum, or a message with `hasScalarJsonForm` or `isJsonInQuery`.
 * Bytes are URL-safe base64 with padding: grpc-gateway rejects base64 without padding, and the standard alphabet has a `/`.
 */
export function formatUrlValue(
  codec: JsonCodec,
  field: DescField,
  value: unknown,
  options: UrlValueOptions,
): string {
  if (field.message !== undefined) {
    return formatMessage(codec, value as MessageView, options);
  }
  if (value instanceof Uint8Array) {
    return base64Encode(value).replaceAll("+", "-").replaceAll("/", "_");
  }
  if (field.enum !== undefined && !options.enumAsInteger) {
    return field.enum.value[Number(value)]?.jsonName ?? String(value);
  }
  return String(value);
}

function formatMessage(codec: JsonCodec, value: MessageView, options: UrlValueOptions): string {
  const [first] = value.desc.fields;
  if (isWrapperDesc(value.desc) && first !== undefined) {
    return formatUrlValue(codec, first, value.get(first), options);
  }
  if (isWellKnown(value.desc, "FieldMask") && options.queryFieldMask !== "camelCase") {
    return (value.message as FieldMask).paths.join(",");
  }
  const json = codec.toJson(value.desc, value.message, options);
  return isJsonInQuery(value.desc) ? JSON.stringify(json) : String(json);
}

function isWellKnown(message: DescMessage, name: string): boolean {
  return message.typeName === `google.protobuf.${name}`;
}
