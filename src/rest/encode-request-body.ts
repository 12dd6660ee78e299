import { create } from "@bufbuild/protobuf";
import type { DescField, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isJsonObject } from "../utils/is-json-object.js";
import { toJsonKey } from "./field-names.js";
import type { UrlValueOptions } from "./format-url-value.js";
import { createInvalidMessageError } from "./invalid-message-error.js";
import type { Binding, RestMethod } from "./rest-method.js";
import { isError } from "../utils/is-error.js";

/** The body of a request. Both properties are `undefined` if the request has no body. */
export interface RequestBody {
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly contentType: string | undefined;
}

const noBody: RequestBody = { body: undefined, contentType: undefined };

/** Encodes the body of a request, without the fields in the path. */
export function encodeRequestBody(
  rest: RestMethod,
  { body, variables }: Binding,
  message: Message,
  options: UrlValueOptions,
): RequestBody {
  if (body === undefined) {
    return noBody;
  }
  const { input } = rest.method;
  const fields = rest.codec.reflect(input, message);
  const isSet = body === "*" || fields.isSet(body);
  const httpBody = isSet ? rest.extraEncodings?.encodeHttpBody(input, body, fields) : undefined;
  if (httpBody !== undefined) {
    return { body: httpBody.data, contentType: httpBody.contentType };
  }
  const json = encodeJson(rest, () =>
    isSet
      ? rest.codec.toJson(input, message, options)
      : rest.codec.toJson(input, create(input), { ...options, alwaysEmitImplicit: true }),
  );
  for (const chain of variables) {
    removePathField(json, chain, options, body === "*" ? 0 : 1);
  }
  const content = body === "*" ? json : (json as JsonObject)[toJsonKey(body, options)];
  return content === undefined
    ? noBody
    : { body: JSON.stringify(content), contentType: "application/json" };
}

/** Removes a field that is in the path, then the messages that became empty, up to depth `keep`. */
function removePathField(
  root: JsonValue,
  chain: readonly DescField[],
  options: UrlValueOptions,
  keep: number,
): void {
  const last = chain.length - 1;
  const keys = chain.map((field) => toJsonKey(field, options));
  const objects: JsonObject[] = [];
  let json: JsonValue | undefined = root;
  for (const key of keys) {
    if (!isJsonObject(json)) {
      return;
    }
    objects.push(json);
    json = json[key];
  }
  for (let depth = last; depth >= Math.min(keep, last); depth--) {
    const object = objects[depth] ?? {};
    delete object[keys[depth] ?? ""];
    if (Object.keys(object).length > 0) {
      return;
    }
  }
}

function encodeJson(rest: RestMethod, encode: () => JsonValue): JsonValue {
  try {
    return encode();
  } catch (error) {
    // protobuf-es appends the value to the name, so the error carries neither its text nor the cause.
    const [, subject = "a field"] =
      /^cannot encode ((?:field|message) \S+)/.exec(isError(error) ? error.message : "") ?? [];
    throw createInvalidMessageError(
      rest,
      `${subject} has no JSON form: its value is of the wrong type or out of range, or a type that jsonOptions.registry lacks is in an Any`,
    );
  }
}
