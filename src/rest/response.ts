import { create } from "@bufbuild/protobuf";
import type {
  DescField,
  JsonObject,
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  Message,
} from "@bufbuild/protobuf";
import { isFieldError } from "@bufbuild/protobuf/reflect";
import { connectError } from "../call/connect-error.js";
import { isHttpBody, readHttpBody, type HttpBody } from "./http-body.js";
import type { MessageView } from "./json/message-view.js";
import type { Binding, RestMethod } from "./compile-rule.js";
import { hasNoKnownField } from "./has-no-known-field.js";
import { mayBeJson } from "./may-be-json.js";

/** An HTTP response that was read to its end. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The content type, if it is known without creating `headers`. */
  readonly contentType?: string;
}

/** The source of a value. Its headers are read only for errors. */
type HasHeaders = Pick<RestResponse, "headers">;

const notThat = "the server's answer is no";

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
  const bodyType = responseBody ? responseBody.message : output;
  const raw = rest.forms?.decodeHttpBody(output, responseBody, contentType, body);
  if (raw !== undefined) {
    return raw;
  }
  if (body.length === 0 && output.fields.length === 0) {
    return create(output);
  }
  const json = mayBeJson(contentType)
    ? parseResponseJson(decoder.decode(body), response)
    : undefined;
  const isWhole = responseBody === undefined || responseBody.fieldKind === "message";
  if (json === undefined || (isWhole && bodyType && hasNoKnownField(bodyType, json))) {
    throw connectError("unknown", `${notThat} ${output.typeName}`, undefined, response.headers);
  }
  return decodeResponseJson(rest, responseBody, json, response, options);
}

/** Parses JSON from the server. Throws a ConnectError with `internal`. */
export function parseResponseJson(text: string, from: HasHeaders): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The error has no cause, because the cause repeats what the server sent.
    throw connectError("internal", "the server's answer is no valid JSON", undefined, from.headers);
  }
}

/** Decodes the message in a JSON value from the server. Throws a ConnectError with `internal`. */
export function decodeResponseJson(
  { method: { output }, codec }: RestMethod,
  responseBody: DescField | undefined,
  json: JsonValue,
  from: HasHeaders,
  options: Partial<JsonReadOptions>,
): Message {
  try {
    return codec.fromJson(output, responseBody ? { [responseBody.jsonName]: json } : json, {
      ignoreUnknownFields: true,
      ...options,
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const where = isFieldError(cause) ? `: ${String(cause.field())} has a wrong value` : "";
    throw connectError(
      "internal",
      `${notThat} ${output.typeName}${where}`,
      undefined,
      from.headers,
    );
  }
}

/**
 * Encodes the body of a successful response as ZITADEL's gateway does: without zero values, with camelCase names, enums by name,
 * and 64-bit integers as strings.
 */
export function encodeResponse(
  { method: { output }, codec }: RestMethod,
  { responseBody }: Binding,
  message: Message,
  options: Partial<JsonWriteOptions> = {},
): HttpBody {
  const fields = codec.reflect(output, message);
  const bodyType = responseBody ? responseBody.message : output;
  if (isHttpBody(bodyType) && (!responseBody || responseBody.fieldKind === "message")) {
    return readHttpBody(responseBody ? (fields.get(responseBody) as MessageView) : fields);
  }
  const json =
    responseBody && !fields.isSet(responseBody) && responseBody.fieldKind !== "list"
      ? codec.toJson(output, create(output), { ...options, alwaysEmitImplicit: true })
      : codec.toJson(output, message, options);
  const content = responseBody ? ((json as JsonObject)[responseBody.jsonName] ?? null) : json;
  return {
    contentType: "application/json",
    data: new TextEncoder().encode(JSON.stringify(content)),
  };
}
