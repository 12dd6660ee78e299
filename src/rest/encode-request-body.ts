import { create } from "@bufbuild/protobuf";
import type { DescField, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { invalid, toJsonKey } from "./field-names.js";
import type { Binding, RestMethod } from "./compile-rule.js";
import type { UrlValueOptions } from "./format-url-value.js";

/** The body of a request. Both properties are `undefined` if the request has no body. */
export interface RequestBody {
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly contentType: string | undefined;
}

/** Encodes the body of a request, without the fields in the path. */
export function encodeRequestBody(
  rest: RestMethod,
  { body, variables }: Binding,
  message: Message,
  options: UrlValueOptions,
): RequestBody {
  const none = { body: undefined, contentType: undefined };
  if (body === undefined) {
    return none;
  }
  const { input } = rest.method;
  const fields = rest.codec.reflect(input, message);
  const isSet = body === "*" || fields.isSet(body);
  const raw = isSet ? rest.forms?.encodeHttpBody(input, body, fields) : undefined;
  if (raw !== undefined) {
    return raw;
  }
  const json = write(rest, () => {
    const whole = isSet ? message : create(input);
    return rest.codec.toJson(
      input,
      whole,
      isSet ? options : { ...options, alwaysEmitImplicit: true },
    );
  });
  for (const chain of variables) {
    removeLeaf(json, chain, options, body === "*" ? 0 : 1);
  }
  const content = body === "*" ? json : (json as JsonObject)[toJsonKey(body, options)];
  return content === undefined
    ? none
    : { body: JSON.stringify(content), contentType: "application/json" };
}

/** Removes a field that is in the path, then the messages that became empty, up to depth `keep`. */
function removeLeaf(
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
    if (json === null || typeof json !== "object" || Array.isArray(json)) {
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

function write(rest: RestMethod, encode: () => JsonValue): JsonValue {
  try {
    return encode();
  } catch (error) {
    // protobuf-es appends the value to the name, so the error carries neither its text nor the cause.
    const [, what = "a field"] =
      /^cannot encode ((?:field|message) \S+)/.exec(error instanceof Error ? error.message : "") ??
      [];
    throw invalid(
      rest,
      `${what} has no JSON form: its value is of the wrong type or out of range, or a type that jsonOptions.registry lacks is in an Any`,
    );
  }
}
