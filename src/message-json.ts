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
import type { Optional } from "./utils/optional.js";
import { withoutUndefined } from "./utils/without-undefined.js";
import { compactCodec, type JsonCodec } from "./rest/json/json-codec.js";

// The functions of protobuf-es with these names bring the code for every kind of message: 96 KiB, minified, where these need 15.

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
  options: Optional<JsonReadOptions> = {},
): MessageShape<Desc> {
  const codec = chooseCodec("fromJson", schema, options);
  return codec.fromJson(schema, json, withoutUndefined(options));
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
  options: Optional<JsonWriteOptions> = {},
): MessageJsonType<Desc> {
  const codec = chooseCodec("toJson", schema, options);
  return codec.toJson(schema, message, withoutUndefined(options)) as MessageJsonType<Desc>;
}

/** Returns the codec. Throws a TypeError if it does not support the message or the options. */
function chooseCodec(
  name: string,
  schema: DescMessage,
  options: Optional<JsonReadOptions & JsonWriteOptions>,
): JsonCodec {
  if (!compactCodecSupports(schema)) {
    throw createUnsupportedError(name, schema.typeName);
  }
  if (!compactCodecSupportsOptions(withoutUndefined(options))) {
    throw createUnsupportedError(name, "these options");
  }
  return compactCodec;
}

function createUnsupportedError(name: string, subject: string): TypeError {
  return new TypeError(
    `${name} of zitadel-idp does not support ${subject}; use ${name} of @bufbuild/protobuf`,
  );
}
