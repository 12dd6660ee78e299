import { WireType } from "@bufbuild/protobuf/wire";
import type { DescField } from "@bufbuild/protobuf";
import { encodeUrlValue } from "./encode-url-value.js";
import { toFieldPath, toJsonKey } from "./field-names.js";
import { invalidMessageError } from "./invalid-message-error.js";
import type { MessageView } from "./json/message-view.js";
import { hasImplicitPresence } from "./has-implicit-presence.js";
import type { Binding, RestMethod } from "./rest-binding.js";
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
  const elsewhere = new Set(variables.map(toFieldPath));
  if (body !== undefined) {
    elsewhere.add(body.name);
  }
  const query: [string, string][] = [];
  const addMessage = (message: MessageView, path: string, name: string): void => {
    for (const field of message.fields) {
      const fieldPath = path + field.name;
      if (!elsewhere.has(fieldPath) && (message.isSet(field) || isSentAtZero(field))) {
        addField(field, message.get(field), fieldPath, name + toJsonKey(field, options));
      }
    }
  };
  const addField = (field: DescField, value: unknown, path: string, name: string): void => {
    const { message } = field;
    const items = field.fieldKind === "list" ? [...(value as Iterable<unknown>)] : [value];
    if (field.fieldKind === "map" || (message !== undefined && !hasQueryForm(field))) {
      throw invalidMessageError(
        rest,
        `field "${path}" has no form in a query (it is a map, a repeated message, an Any or a ListValue): leave it unset, or call over gRPC or gRPC-web`,
      );
    }
    if (
      field.fieldKind === "message" &&
      !hasScalarJsonForm(field.message) &&
      !isJsonInQuery(field.message)
    ) {
      addMessage(value as MessageView, `${path}.`, `${name}.`);
      return;
    }
    for (const item of items) {
      const text = encodeUrlValue(rest, path, field, item, options);
      // grpc-gateway would decode an empty mask as a mask of one empty path.
      if (text !== "" || message?.typeName !== "google.protobuf.FieldMask") {
        query.push([name, text]);
      }
    }
  };
  addMessage(root, "", "");
  return query;
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
