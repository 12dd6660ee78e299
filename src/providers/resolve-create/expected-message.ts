import {
  clone,
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { trim } from "../../utils/trim.js";
import type { FieldValues } from "../model/field-specs.js";

/**
 * Creates a message of `schema` from the fields of a request with the same names. Unknown enum values become zero, as on the server.
 */
export function toExpectedMessage<Desc extends DescMessage>(
  schema: Desc,
  request: FieldValues,
): MessageShape<Desc> {
  const given = schema.members.flatMap(({ localName }) =>
    request[localName] === undefined ? [] : [[localName, request[localName]] as const],
  );
  // Clone the message, because it shares parts with the request.
  const init = Object.fromEntries(given) as MessageInitShape<Desc>;
  const message = clone(schema, create(schema, init));
  dropUnknownEnums(reflect(schema, message));
  return message;
}

/** Sets unknown enum numbers to zero, as the server does. */
function dropUnknownEnums(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (field.fieldKind === "enum" && message.isSet(field)) {
      const isKnown = field.enum.value[message.get(field)] !== undefined;
      if (!isKnown) {
        message.set(field, 0);
      }
    } else if (field.fieldKind === "message" && message.isSet(field)) {
      const part: unknown = message.get(field);
      if (isReflectMessage(part)) {
        dropUnknownEnums(part);
      }
    }
  }
}

/** Trims the top-level texts of a message, except those in `untrimmed`. */
export function trimTexts<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  untrimmed: readonly string[] = [],
): void {
  const reflected = reflect(schema, message);
  for (const field of schema.fields) {
    const isText = field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
    if (isText && reflected.isSet(field) && !untrimmed.includes(field.localName)) {
      reflected.set(field, trim(reflected.get(field)));
    }
  }
}
