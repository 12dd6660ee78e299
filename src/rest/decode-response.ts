import { Code, ConnectError } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import type {
  DescField,
  DescMessage,
  JsonReadOptions,
  JsonValue,
  Message,
} from "@bufbuild/protobuf";
import { isFieldError } from "@bufbuild/protobuf/reflect";
import { hasNoKnownField } from "./has-no-known-field.js";
import { mayBeJson } from "./may-be-json.js";
import type { RestResponse } from "./response.js";
import type { Binding, RestMethod } from "./rest-method.js";
import { isError } from "../utils/is-error.js";

/** The part of a response that errors carry. */
type ResponseHeaders = Pick<RestResponse, "headers">;

const decoder: TextDecoder = /*@__PURE__*/ new TextDecoder();

/**
 * Decodes the message in a response with a 2xx status.
 *
 * Throws a ConnectError: `unknown` if the content type is not JSON (a login page, a proxy) or if the JSON has no member of the
 * message (a proxy again); `internal` if the body is not the message. An empty body is valid only for a message without fields: a
 * default message instead of a lost one would hide the loss.
 */
export function decodeResponse(
  rest: RestMethod,
  { responseBody }: Binding,
  response: RestResponse,
  options: Partial<JsonReadOptions> = {},
): Message {
  const { output } = rest.method;
  const { body } = response;
  const contentType = response.contentType ?? response.headers.get("content-type") ?? "";
  const httpBody = rest.extraEncodings?.decodeHttpBody(output, responseBody, contentType, body);
  if (httpBody !== undefined) {
    return httpBody;
  }
  if (body.length === 0 && output.fields.length === 0) {
    return create(output);
  }
  const json = mayBeJson(contentType)
    ? parseResponseJson(decoder.decode(body), response)
    : undefined;
  const bodyType = getBodyType(output, responseBody);
  if (json === undefined || (bodyType !== undefined && hasNoKnownField(bodyType, json))) {
    throw new ConnectError(
      `the response is not a ${output.typeName}`,
      Code.Unknown,
      response.headers,
    );
  }
  return decodeResponseJson(rest, responseBody, json, response, options);
}

/** Returns the message that is the body of a response. Returns undefined if the body is another kind of field. */
function getBodyType(
  output: DescMessage,
  responseBody: DescField | undefined,
): DescMessage | undefined {
  if (responseBody === undefined) {
    return output;
  }
  return responseBody.fieldKind === "message" ? responseBody.message : undefined;
}

/** Parses JSON from the server. Throws a ConnectError with `internal`. */
export function parseResponseJson(text: string, response: ResponseHeaders): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The error of `JSON.parse` repeats the server's text, so it must not become the cause.
    throw new ConnectError("the response is not valid JSON", Code.Internal, response.headers);
  }
}

/** Decodes the message in a JSON value from the server. Throws a ConnectError with `internal`. */
export function decodeResponseJson(
  { method: { output }, codec }: RestMethod,
  responseBody: DescField | undefined,
  json: JsonValue,
  response: ResponseHeaders,
  options: Partial<JsonReadOptions>,
): Message {
  try {
    return codec.fromJson(output, responseBody ? { [responseBody.jsonName]: json } : json, {
      ignoreUnknownFields: true,
      ...options,
    });
  } catch (error) {
    const cause = isError(error) ? error.cause : undefined;
    const detail = isFieldError(cause) ? `: ${String(cause.field())} has a wrong value` : "";
    throw new ConnectError(
      `the response is not a ${output.typeName}${detail}`,
      Code.Internal,
      response.headers,
    );
  }
}
