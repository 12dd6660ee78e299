import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { FieldError } from "@bufbuild/protobuf/reflect";
import { isImplicit } from "../presence.js";
import { unsetTest } from "./unset.js";

/** The fields of a message: what paths, queries and raw bodies need of protobuf-es's ReflectMessage, which is one. */
export interface MessageView {
  readonly desc: DescMessage;
  readonly message: Message;
  readonly fields: readonly DescField[];
  isSet(field: DescField): boolean;
  /** The value of a field that is set, or has no presence. One that is a message is a view, and so are those of a list. */
  get(field: DescField): unknown;
}

/** `reflect` of protobuf-es for reading a message that `fitsOwnCodec`. */
export function viewOf(desc: DescMessage, message: Message): MessageView {
  return {
    desc,
    message,
    fields: desc.fields,
    isSet: (field) => {
      const value = valueOf(message, field);
      return isImplicit(field) && !field.oneof ? !unsetTest(field)(value) : value !== undefined;
    },
    get: (field) => {
      const value = valueOf(message, field);
      const { message: nested } = field;
      const view = (each: unknown): unknown =>
        nested === undefined || each === undefined ? each : viewOf(nested, each as Message);
      return field.fieldKind === "list" ? (value as unknown[]).map(view) : view(value);
    },
  };
}

function valueOf(message: Message & Record<string, unknown>, field: DescField): unknown {
  const { localName, oneof, parent } = field;
  if (parent.typeName !== message.$typeName) {
    const reason = `cannot use ${String(field)} with message ${message.$typeName}`;
    throw new FieldError(field, reason, "ForeignFieldError");
  }
  if (oneof === undefined) {
    return message[localName];
  }
  const member = message[oneof.localName] as { case?: string; value?: unknown };
  return member.case === localName ? member.value : undefined;
}
