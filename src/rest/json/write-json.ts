import { create } from "@bufbuild/protobuf";
import type {
  DescField,
  DescMessage,
  JsonObject,
  JsonValue,
  JsonWriteOptions,
  Message,
} from "@bufbuild/protobuf";
import { hasImplicitPresence } from "../has-implicit-presence.js";
import type { MessageContent } from "./message-view.js";
import { createScalarWriter } from "./scalar-json.js";
import { isTimeMessage, formatTime } from "./time-json.js";
import { createUnsetCheck } from "./unset-check.js";

type WriteOptions = Partial<JsonWriteOptions>;
type WriteValue = (value: unknown, options: WriteOptions) => JsonValue | undefined;
type WriteField = (message: MessageContent, json: JsonObject, options: WriteOptions) => void;

const messageWriters = new WeakMap<DescMessage, WriteValue>();

/**
 * Encodes a message that passes `compactCodecSupports`, as `toJson` of protobuf-es does. Throws an Error that names the field and
 * contains no values.
 */
export function writeJson(
  desc: DescMessage,
  message: Message,
  options: WriteOptions = {},
): JsonValue {
  return getWriter(desc)(message, options) ?? throwEncodeError(desc);
}

function getWriter(desc: DescMessage): WriteValue {
  const writer =
    messageWriters.get(desc) ??
    (isTimeMessage(desc) ? createTimeWriter(desc) : createMessageWriter(desc));
  messageWriters.set(desc, writer);
  return writer;
}

function createTimeWriter(desc: DescMessage): WriteValue {
  return (value) =>
    value !== null && isMessageOf(desc, value)
      ? formatTime(desc, value as Parameters<typeof formatTime>[1])
      : undefined;
}

function createMessageWriter(desc: DescMessage): WriteValue {
  const fields = [...desc.fields];
  fields.sort((a, b) => a.number - b.number);
  const writers = fields.map(createFieldWriter);
  return (value, options) => {
    if (value === null || !isMessageOf(desc, value)) {
      return undefined;
    }
    const json: JsonObject = {};
    for (const write of writers) {
      write(value, json, options);
    }
    return json;
  };
}

/** Returns true for a message of the type. Accepts any message for a type without fields, as protobuf-es does. */
function isMessageOf(desc: DescMessage, value: unknown): value is MessageContent {
  return (value as MessageContent)["$typeName"] === desc.typeName || desc.fields.length === 0;
}

function createFieldWriter(field: DescField): WriteField {
  const { name, jsonName, localName, oneof } = field;
  const write = field.fieldKind === "list" ? createListWriter(field) : createValueWriter(field);
  const writeMember = (value: unknown, json: JsonObject, options: WriteOptions): void => {
    json[options.useProtoFieldName ? name : jsonName] =
      write(value, options) ?? throwEncodeError(field);
  };
  if (oneof !== undefined) {
    return (message, json, options) => {
      const member = message[oneof.localName] as { case?: string; value?: unknown };
      if (member.case === localName) {
        writeMember(member.value, json, options);
      }
    };
  }
  if (!hasImplicitPresence(field)) {
    return (message, json, options) => {
      const value = message[localName];
      if (value !== undefined && Object.hasOwn(message, localName)) {
        writeMember(value, json, options);
      }
    };
  }
  const isUnset = createUnsetCheck(field);
  return (message, json, options) => {
    const value = message[localName];
    if (!isUnset(value) || options.alwaysEmitImplicit) {
      writeMember(value, json, options);
    }
  };
}

function createListWriter(field: DescField): WriteValue {
  const write = createValueWriter(field);
  return (value, options) => {
    const items = value as readonly unknown[];
    const json: JsonValue[] = [];
    for (let index = 0; index < items.length; index++) {
      json.push(write(items[index], options) ?? throwEncodeError(field));
    }
    return json;
  };
}

function createValueWriter(field: DescField): WriteValue {
  const { enum: enumType, message, scalar } = field;
  if (message !== undefined) {
    const write = getWriter(message);
    return (value, options) => write(value === undefined ? create(message) : value, options);
  }
  if (scalar !== undefined) {
    return createScalarWriter(scalar);
  }
  return (value, { enumAsInteger }) =>
    typeof value !== "number"
      ? undefined
      : // An unknown number has no name.
        ((enumAsInteger ? undefined : enumType?.value[value]?.jsonName) ?? value);
}

function throwEncodeError(descriptor: DescField | DescMessage): never {
  throw new Error(`cannot encode ${String(descriptor)} to JSON`);
}
