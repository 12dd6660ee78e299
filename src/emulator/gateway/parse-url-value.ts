import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, JsonValue } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { parseGoBoolean } from "../../formats/go-boolean.js";
import { tryParseJson } from "../../utils/try-parse-json.js";
import { isJsonInQuery, hasScalarJsonForm } from "../../rest/format-url-value.js";

/**
 * Converts a value in a path or a query to its JSON form. Returns `undefined` if the text is not a value of the field's type. The JSON
 * decoder checks the range later.
 */
export function parseUrlValue(field: DescField, text: string): JsonValue | undefined {
  const { message } = field;
  if (message !== undefined) {
    const [first] = message.fields;
    if (isWrapperDesc(message) && first) {
      return parseUrlValue(first, text);
    }
    if (isJsonInQuery(message)) {
      return tryParseJson(text);
    }
    if (message.typeName === "google.protobuf.FieldMask") {
      // The JSON form of a mask is camelCase, but grpc-gateway takes the names of the proto.
      return text.replace(/_([a-z\d])/g, (_, char: string) => char.toUpperCase());
    }
    return hasScalarJsonForm(message) ? text : undefined;
  }
  if (field.enum !== undefined) {
    const value = field.enum.values.find(
      ({ name, number }) => text === name || text === String(number),
    );
    return value?.number;
  }
  switch (field.scalar) {
    case ScalarType.BOOL:
      return parseGoBoolean(text);
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return text;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return /^(?:NaN|-?Infinity|[-+]?[\d.]+(?:e[-+]?\d+)?)$/i.test(text)
        ? text.replace(/^\+/, "")
        : undefined;
    default:
      return /^[-+]?\d+$/.test(text) ? text.replace(/^\+/, "") : undefined;
  }
}
