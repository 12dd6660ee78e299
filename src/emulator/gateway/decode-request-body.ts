import { create } from "@bufbuild/protobuf";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { createHttpBody, isHttpBody } from "../../rest/http-body.js";
import type { Binding } from "../../rest/rest-method.js";
import { toLatin1 } from "../../utils/to-latin1.js";
import { findJsonValue } from "./protojson/find-json-value.js";
import { JsonReader } from "./protojson/json-reader.js";
import { readField, readMessage } from "./protojson/read-message.js";

/**
 * Decodes the message in the body of a request in the two steps of grpc-gateway: Go's encoding/json finds the first value, then
 * protobuf-go's encoding/protojson decodes it. Lines and columns therefore count from the beginning of that value.
 *
 * Throws a ConnectError with `invalid_argument`.
 */
export function decodeRequestBody(
  desc: DescMessage,
  body: Binding["body"],
  contentType: string,
  data: Uint8Array,
): Message {
  if (body === undefined) {
    return create(desc);
  }
  if (body !== "*" && body.fieldKind === "message" && isHttpBody(body.message)) {
    const message = reflect(desc);
    const httpBody = createHttpBody(body.message, contentType, data);
    message.set(body, reflect(body.message, httpBody));
    return message.message;
  }
  const text = toLatin1(data);
  const value = findJsonValue(text);
  if (value === undefined) {
    return create(desc);
  }
  const reader = new JsonReader(text.slice(value.start, value.end));
  if (body === "*") {
    return readMessage(reader, desc);
  }
  const message = reflect(desc);
  readField(reader, message, body);
  return message.message;
}
