import { create, toJson } from "@bufbuild/protobuf";
import type { DescField, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { isHttpBody, readHttpBody } from "./http-body.js";
import type { Binding, RestMethod } from "./rule.js";
import { accepts, expand, percentEncode, splitValue } from "./template.js";
import { jsonForm, scalarForm, valueText, type ValueOptions } from "./value.js";

/** Where a request goes. */
export interface RestTarget {
  readonly binding: Binding;
  /** The HTTP method. */
  readonly verb: string;
  /** Escaped, with the prefix of the service, without the query. */
  readonly path: string;
  /** Names and values in order, not escaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** An HTTP request without the base URL. */
export interface RestRequest extends RestTarget {
  /** `undefined`: no body, and no content type. */
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly contentType: string | undefined;
}

/**
 * The HTTP request for a message: its path, its query and its body.
 *
 * Throws a ConnectError with `invalid_argument`, and nothing is to be sent, when no binding of the rule fits, when a
 * value cannot stand in a path, or when a field that is left for the query has no form there. It names the field, never
 * its value.
 */
export function encodeRequest(
  rest: RestMethod,
  message: Message,
  options: ValueOptions = {},
): RestRequest {
  const target = encodeTarget(rest, message, options);
  return { ...target, ...encodeBody(rest, target.binding, message, options) };
}

/** The part of `encodeRequest` that gives the URL. Throws as it does. */
export function encodeTarget(
  rest: RestMethod,
  message: Message,
  options: ValueOptions = {},
): RestTarget {
  const fields = reflect(rest.method.input, message);
  for (const binding of rest.bindings) {
    const path = encodePath(rest, binding, fields, options);
    if (path !== undefined) {
      const query = encodeQuery(rest, binding, fields, options);
      return { binding, verb: binding.verb, path: rest.prefix + path, query };
    }
  }
  const reasons = rest.bindings.map((binding) => mismatch(rest, binding, fields, options));
  throw invalid(rest, reasons.join(", or "));
}

/** Path and query in one, escaped strictly: a space is `%20` and a plus `%2B`, which every server reads alike. */
export function targetText({ path, query }: RestTarget): string {
  const pairs = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function encodePath(
  rest: RestMethod,
  { template, variables }: Binding,
  root: ReflectMessage,
  options: ValueOptions,
): string | undefined {
  const values = variables.map((chain) => pathValue(rest, chain, root, options));
  const path = expand(template, values);
  if (path === undefined) {
    return undefined;
  }
  for (const [index, variable] of template.variables.entries()) {
    const pieces = splitValue(template, variable, values[index] ?? "");
    if (pieces.includes("") || pieces.includes(".") || pieces.includes("..")) {
      // URL parsers and Go's routers drop such segments: the request would reach another resource.
      throw invalid(
        rest,
        `field "${variable.path}" is part of the path ${template.source} and must not be or contain an empty, "." or ".." segment`,
      );
    }
  }
  return path;
}

/** The text of a path variable; "" where it is not set, which no variable takes. */
function pathValue(
  rest: RestMethod,
  chain: readonly DescField[],
  root: ReflectMessage,
  options: ValueOptions,
): string {
  let message = root;
  for (const field of chain) {
    // A zero without presence is a value like any other: `0`, `false`, the first name of an enum.
    if (!message.isSet(field) && !isImplicit(field)) {
      return "";
    }
    const value: unknown = message.get(field);
    if (field === chain.at(-1)) {
      return urlText(rest, pathOf(chain), field, value, options);
    }
    if (isReflectMessage(value)) {
      message = value;
    }
  }
  return "";
}

function encodeQuery(
  rest: RestMethod,
  { variables, body }: Binding,
  root: ReflectMessage,
  options: ValueOptions,
): [string, string][] {
  if (body === "*") {
    return [];
  }
  const elsewhere = new Set(variables.map(pathOf));
  if (body !== undefined) {
    elsewhere.add(body.name);
  }
  const query: [string, string][] = [];
  const addMessage = (message: ReflectMessage, path: string, name: string): void => {
    for (const field of message.fields) {
      const fieldPath = path + field.name;
      if (!elsewhere.has(fieldPath) && (message.isSet(field) || isSentAtZero(field))) {
        addField(field, message.get(field), fieldPath, name + jsonKey(field, options));
      }
    }
  };
  const addField = (field: DescField, value: unknown, path: string, name: string): void => {
    const { message } = field;
    const items = field.fieldKind === "list" ? [...(value as Iterable<unknown>)] : [value];
    if (field.fieldKind === "map" || (message !== undefined && !hasQueryForm(field))) {
      throw invalid(
        rest,
        `field "${path}" has no form in a query (it is a map, a repeated message, an Any or a ListValue): leave it unset, or call over gRPC or gRPC-web`,
      );
    }
    if (isReflectMessage(value) && !scalarForm(value.desc) && !jsonForm(value.desc)) {
      addMessage(value, `${path}.`, `${name}.`);
      return;
    }
    for (const item of items) {
      const text = urlText(rest, path, field, item, options);
      // grpc-gateway would read an empty mask as a mask of one empty path.
      if (text !== "" || message?.typeName !== "google.protobuf.FieldMask") {
        query.push([name, text]);
      }
    }
  };
  addMessage(root, "", "");
  return query;
}

function hasQueryForm({ fieldKind, message }: DescField): boolean {
  if (message === undefined || scalarForm(message) || jsonForm(message)) {
    return true;
  }
  return fieldKind === "message" && !/^google\.protobuf\.(?:Any|ListValue)$/.test(message.typeName);
}

function encodeBody(
  rest: RestMethod,
  { body, variables }: Binding,
  message: Message,
  options: ValueOptions,
): Pick<RestRequest, "body" | "contentType"> {
  const none = { body: undefined, contentType: undefined };
  if (body === undefined) {
    return none;
  }
  const { input } = rest.method;
  const fields = reflect(input, message);
  const isSet = body === "*" || fields.isSet(body);
  const value: unknown = body === "*" ? fields : fields.get(body);
  if (isSet && isReflectMessage(value) && isHttpBody(value.desc)) {
    const { contentType, data } = readHttpBody(value);
    return { body: data, contentType };
  }
  const json = write(rest, () => {
    const whole = isSet ? message : create(input);
    return toJson(input, whole, isSet ? options : { ...options, alwaysEmitImplicit: true });
  });
  for (const chain of variables) {
    removeLeaf(json, chain, options, body === "*" ? 0 : 1);
  }
  const content = body === "*" ? json : (json as JsonObject)[jsonKey(body, options)];
  return content === undefined
    ? none
    : { body: JSON.stringify(content), contentType: "application/json" };
}

/** Removes what stands in the path, and the messages that are empty without it, up to the one at depth `keep`. */
function removeLeaf(
  root: JsonValue,
  chain: readonly DescField[],
  options: ValueOptions,
  keep: number,
): void {
  const last = chain.length - 1;
  const keys = chain.map((field) => jsonKey(field, options));
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

function urlText(
  rest: RestMethod,
  path: string,
  field: DescField,
  value: unknown,
  options: ValueOptions,
): string {
  try {
    const text = valueText(field, value, options);
    encodeURIComponent(text);
    return text;
  } catch {
    throw invalid(
      rest,
      `field "${path}" cannot be part of a URL: ${field.message ? "it is out of range" : "it holds half of a surrogate pair"}`,
    );
  }
}

function mismatch(
  rest: RestMethod,
  { template, variables }: Binding,
  root: ReflectMessage,
  options: ValueOptions,
): string {
  const index = variables.findIndex((chain, at) => {
    const variable = template.variables[at];
    return variable && !accepts(template, variable, pathValue(rest, chain, root, options));
  });
  const { path, start, end } = template.variables[index] ?? { path: "", start: 0, end: 0 };
  const form = template.segments.slice(start, end).join("/");
  return form.startsWith("*")
    ? `field "${path}" must not be empty: it is part of the path ${template.source}`
    : `field "${path}" must have the form "${form}" for the path ${template.source}`;
}

function write(rest: RestMethod, encode: () => JsonValue): JsonValue {
  try {
    return encode();
  } catch {
    // The cause is left out: it repeats the value.
    throw invalid(
      rest,
      "the message has no JSON form: a number or time is out of range, or an Any is of a type that jsonOptions.registry lacks",
    );
  }
}

function invalid({ method }: RestMethod, reason: string): ConnectError {
  return new ConnectError(`${method.parent.name}.${method.name}: ${reason}`, Code.InvalidArgument);
}

function pathOf(chain: readonly DescField[]): string {
  return chain.map((field) => field.name).join(".");
}

function jsonKey(field: DescField, options: ValueOptions): string {
  return options.useProtoFieldName ? field.name : field.jsonName;
}

function isImplicit(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.IMPLICIT;
}

/** Google's clients send a field that is annotated google.api.field_behavior = REQUIRED (2) even at its zero value. */
function isSentAtZero(field: DescField): boolean {
  return (
    (field.fieldKind === "scalar" || field.fieldKind === "enum") &&
    isImplicit(field) &&
    (field.proto.options?.$unknown ?? []).some(
      // Values below 128 are one byte each; a packed list (wire type 2) has its length in front.
      ({ no, wireType, data }) => no === 1052 && data.subarray(wireType === 2 ? 1 : 0).includes(2),
    )
  );
}
