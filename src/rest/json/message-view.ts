import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { FieldError } from "@bufbuild/protobuf/reflect";
import { hasImplicitPresence } from "../has-implicit-presence.js";
import { createUnsetCheck } from "./unset-check.js";

/** The fields of a message by their local names. */
export type MessageContent = Record<string, unknown>;

/**
 * A view of the fields of a message: the part of protobuf-es's ReflectMessage that paths, queries and raw bodies need. A
 * ReflectMessage is a MessageView.
 */
export interface MessageView {
  readonly desc: DescMessage;
  readonly message: Message;
  readonly fields: readonly DescField[];
  isSet(field: DescField): boolean;
  /** Returns the value of a field that is set or has no presence. Returns messages, also those in lists, as views. */
  get(field: DescField): unknown;
}

/** Creates a read-only view of a message that passes `compactCodecSupports`, as `reflect` of protobuf-es does. */
export function createMessageView(desc: DescMessage, message: Message): MessageView {
  return {
    desc,
    message,
    fields: desc.fields,
    isSet: (field) => {
      const value = readFieldValue(message, field);
      return hasImplicitPresence(field) && !field.oneof
        ? !createUnsetCheck(field)(value)
        : value !== undefined;
    },
    get: (field) => {
      const value = readFieldValue(message, field);
      const { message: nested } = field;
      const toView = (each: unknown): unknown =>
        nested === undefined || each === undefined
          ? each
          : createMessageView(nested, each as Message);
      return field.fieldKind === "list" ? (value as unknown[]).map(toView) : toView(value);
    },
  };
}

function readFieldValue(message: Message & MessageContent, field: DescField): unknown {
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
