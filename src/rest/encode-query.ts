import { WireType } from "@bufbuild/protobuf/wire";
import type { DescField } from "@bufbuild/protobuf";
import { encodeUrlValue } from "./encode-url-value.js";
import { toFieldPath, toJsonKey } from "./field-names.js";
import { createInvalidMessageError } from "./invalid-message-error.js";
import type { MessageView } from "./json/message-view.js";
import { hasImplicitPresence } from "./has-implicit-presence.js";
import type { Binding, RestMethod } from "./rest-method.js";
import { isJsonInQuery, hasScalarJsonForm, type UrlValueOptions } from "./format-url-value.js";

/** Encodes all fields that are neither in the path nor in the body, as names and values in field order. */
export function encodeQuery(
  rest: RestMethod,
  { variables, body }: Binding,
  root: MessageView,
  options: UrlValueOptions,
): [name: string, value: string][] {
  if (body === "*") {
    return [];
  }
  const excludedPaths = new Set(variables.map(toFieldPath));
  if (body !== undefined) {
    excludedPaths.add(body.name);
  }
  const query = new QueryEncoder(rest, excludedPaths, options);
  query.addMessage(root, "", "");
  return query.parameters;
}

/** The query of one request. */
class QueryEncoder {
  readonly parameters: [name: string, value: string][] = [];
  #rest: RestMethod;
  #excludedPaths: ReadonlySet<string>;
  #options: UrlValueOptions;

  /** `excludedPaths` are the paths of fields that are sent elsewhere in the request. */
  constructor(rest: RestMethod, excludedPaths: ReadonlySet<string>, options: UrlValueOptions) {
    this.#rest = rest;
    this.#excludedPaths = excludedPaths;
    this.#options = options;
  }

  /** Adds the fields of a message. `path` and `name` are prefixes: of proto names for errors, of names in the query. */
  addMessage(message: MessageView, path: string, name: string): void {
    for (const field of message.fields) {
      const fieldPath = path + field.name;
      const isSent = message.isSet(field) || isSentAtZero(field);
      if (isSent && !this.#excludedPaths.has(fieldPath)) {
        this.#addField(
          field,
          message.get(field),
          fieldPath,
          name + toJsonKey(field, this.#options),
        );
      }
    }
  }

  #addField(field: DescField, value: unknown, path: string, name: string): void {
    const { message } = field;
    if (field.fieldKind === "map" || (message !== undefined && !hasQueryForm(field))) {
      throw createInvalidMessageError(
        this.#rest,
        `field "${path}" has no form in a query (it is a map, a repeated message, an Any or a ListValue): leave it unset, or call over gRPC or gRPC-web`,
      );
    }
    if (
      field.fieldKind === "message" &&
      !hasScalarJsonForm(field.message) &&
      !isJsonInQuery(field.message)
    ) {
      this.addMessage(value as MessageView, `${path}.`, `${name}.`);
      return;
    }
    const items = field.fieldKind === "list" ? (value as Iterable<unknown>) : [value];
    for (const item of items) {
      const text = encodeUrlValue(this.#rest, path, field, item, this.#options);
      // grpc-gateway would decode an empty mask as a mask of one empty path.
      if (text !== "" || message?.typeName !== "google.protobuf.FieldMask") {
        this.parameters.push([name, text]);
      }
    }
  }
}

function hasQueryForm({ fieldKind, message }: DescField): boolean {
  if (message === undefined || hasScalarJsonForm(message) || isJsonInQuery(message)) {
    return true;
  }
  return fieldKind === "message" && !/^google\.protobuf\.(?:Any|ListValue)$/.test(message.typeName);
}

/** Returns true for a field with google.api.field_behavior = REQUIRED (2), which Google's clients send even at its zero value. */
function isSentAtZero(field: DescField): boolean {
  return (
    (field.fieldKind === "scalar" || field.fieldKind === "enum") &&
    hasImplicitPresence(field) &&
    (field.proto.options?.$unknown ?? []).some(
      // Values below 128 take one byte each; a packed list starts with its length.
      ({ no, wireType, data }) =>
        no === 1052 && data.subarray(wireType === WireType.LengthDelimited ? 1 : 0).includes(2),
    )
  );
}
