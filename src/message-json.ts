import type {
  DescMessage,
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  MessageJsonType,
  MessageShape,
} from "@bufbuild/protobuf";
import {
  compactCodecSupports,
  compactCodecSupportsOptions,
} from "./rest/json/compact-codec-supports.js";
import { compactCodec } from "./rest/json/json-codec.js";

// The functions of protobuf-es with these names bring the code for every kind of message: 126 of the 276 KB that the root entry had,
// and a third of the time to import it in Node.js.

/**
 * Returns the message for a JSON value, as `fromJson` of protobuf-es does for ZITADEL's messages.
 *
 * Throws an Error that names the field if the value does not fit, and a TypeError for messages and options that only protobuf-es
 * supports, such as `google.protobuf.Any` and `registry`.
 *
 * @example
 * const request = fromJson(AddGoogleProviderRequestSchema, JSON.parse(text));
 */
export function fromJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  options: Partial<JsonReadOptions> = {},
): MessageShape<Desc> {
  checkSupport("fromJson", schema, options);
  return compactCodec.fromJson(schema, json, options);
}

/**
 * Returns the JSON value of a message, as `toJson` of protobuf-es does for ZITADEL's messages.
 *
 * Throws an Error that names the field if the message holds an invalid value, and a TypeError for messages and options that only
 * protobuf-es supports, such as `google.protobuf.Any` and `registry`.
 *
 * @example
 * const text = JSON.stringify(toJson(GetProviderByIDResponseSchema, response));
 */
export function toJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  options: Partial<JsonWriteOptions> = {},
): MessageJsonType<Desc> {
  checkSupport("toJson", schema, options);
  return compactCodec.toJson(schema, message, options) as MessageJsonType<Desc>;
}

function checkSupport(
  name: string,
  schema: DescMessage,
  options: Partial<JsonReadOptions & JsonWriteOptions>,
): void {
  if (!compactCodecSupports(schema) || !compactCodecSupportsOptions(options)) {
    const what = compactCodecSupports(schema) ? "these options" : schema.typeName;
    throw new TypeError(
      `${name} of zitadel-idp does not support ${what}; use ${name} of @bufbuild/protobuf`,
    );
  }
}
