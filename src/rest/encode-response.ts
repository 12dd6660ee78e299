import { create } from "@bufbuild/protobuf";
import type { JsonObject, JsonWriteOptions, Message } from "@bufbuild/protobuf";
import { type HttpBody, isHttpBody, readHttpBody } from "./http-body.js";
import type { MessageView } from "./json/message-view.js";
import type { Binding, RestMethod } from "./rest-method.js";

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
