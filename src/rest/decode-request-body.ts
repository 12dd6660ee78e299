import { create, fromJson, fromJsonString } from "@bufbuild/protobuf";
import type { DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { badRequestError, explainDecodeError, isOneofError, readOptions } from "./bad-request.js";
import { createHttpBody, isHttpBody } from "./http-body.js";
import { readFirstJsonValue } from "./first-json-value.js";
import type { Binding } from "./rest-binding.js";

/** Decodes the message in the body of a request. Throws a ConnectError with `invalid_argument`. */
export function decodeRequestBody(
  desc: DescMessage,
  body: Binding["body"],
  contentType: string,
  data: Uint8Array,
): Message {
  if (body === undefined) {
    return create(desc);
  }
  const field = body === "*" ? undefined : body;
  if (field?.fieldKind === "message" && isHttpBody(field.message)) {
    const message = reflect(desc);
    const httpBody = createHttpBody(field.message, contentType, data);
    message.set(field, reflect(field.message, httpBody));
    return message.message;
  }
  const json = readFirstJsonValue(data);
  if (json === "") {
    return create(desc);
  }
  if (field !== undefined) {
    return parseMessage(desc, `{${JSON.stringify(field.jsonName)}:${json}}`);
  }
  if (!json.startsWith("{")) {
    const token = json.startsWith("[") ? "[" : json;
    throw badRequestError(`proto: syntax error (line 1:1): unexpected token ${token}`);
  }
  return parseMessage(desc, json);
}

function parseMessage(desc: DescMessage, text: string): Message {
  let failure: unknown;
  try {
    return fromJsonString(desc, text, readOptions);
  } catch (error) {
    failure = error;
  }
  // protobuf-es counts a null as a member of a oneof, but protobuf-go treats the member as absent.
  if (isOneofError(failure)) {
    try {
      return fromJson(desc, removeOneofNulls(desc, JSON.parse(text) as JsonValue), readOptions);
    } catch (error) {
      failure = error;
    }
  }
  throw badRequestError(explainDecodeError(failure));
}

/** Removes the members of oneofs that are null. A null of google.protobuf.Value is a value. */
function removeOneofNulls(desc: DescMessage, json: JsonValue): JsonValue {
  if (Array.isArray(json)) {
    return json.map((item) => removeOneofNulls(desc, item));
  }
  if (typeof json !== "object" || json === null) {
    return json;
  }
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(json)) {
    const field = desc.fields.find(({ name, jsonName }) => key === name || key === jsonName);
    const type = (field?.message ?? field?.enum)?.typeName ?? "";
    if (value !== null || !field?.oneof || /^google\.protobuf\.(?:Null)?Value$/.test(type)) {
      object[key] =
        field?.message && field.fieldKind !== "map"
          ? removeOneofNulls(field.message, value)
          : value;
    }
  }
  return object;
}
