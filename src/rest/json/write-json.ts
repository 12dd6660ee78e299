import { create } from "@bufbuild/protobuf";
import type {
  DescField,
  DescMessage,
  JsonObject,
  JsonValue,
  JsonWriteOptions,
  Message,
} from "@bufbuild/protobuf";
import { hasImplicitPresence } from "../implicit-presence.js";
import { createScalarWriter } from "./scalar-json.js";
import { isTimeMessage, formatTime } from "./time-json.js";
import { createUnsetTest } from "./unset-test.js";

type Options = Partial<JsonWriteOptions>;
type Content = Record<string, unknown>;
type WriteValue = (value: unknown, options: Options) => JsonValue | undefined;
type WriteField = (message: Content, json: JsonObject, options: Options) => void;

const compiled = new WeakMap<DescMessage, WriteValue>();

/**
 * Encodes a message that passes `compactCodecSupports`, as `toJson` of protobuf-es does. Throws an Error that names the field and
 * contains no values.
 */
export function toJson(desc: DescMessage, message: Message, options: Options = {}): JsonValue {
  return writerOf(desc)(message, options) ?? refuse(desc);
}

function writerOf(desc: DescMessage): WriteValue {
  const writer =
    compiled.get(desc) ?? (isTimeMessage(desc) ? timeWriter(desc) : messageWriter(desc));
  compiled.set(desc, writer);
  return writer;
}

function timeWriter(desc: DescMessage): WriteValue {
  return (value) =>
    value !== null && isOf(desc, value)
      ? formatTime(desc, value as Parameters<typeof formatTime>[1])
      : undefined;
}

function messageWriter(desc: DescMessage): WriteValue {
  const fields = [...desc.fields];
  fields.sort((a, b) => a.number - b.number);
  const writers = fields.map(fieldWriter);
  return (value, options) => {
    if (value === null || !isOf(desc, value)) {
      return undefined;
    }
    const json: JsonObject = {};
    for (const write of writers) {
      write(value, json, options);
    }
    return json;
  };
}

/** Returns true for a message of the type. If the type has no fields, every message passes. */
function isOf(desc: DescMessage, value: unknown): value is Content {
  return (value as Content)["$typeName"] === desc.typeName || desc.fields.length === 0;
}

function fieldWriter(field: DescField): WriteField {
  const { name, jsonName, localName, oneof } = field;
  const write = field.fieldKind === "list" ? listWriter(field) : valueWriter(field);
  const put = (value: unknown, json: JsonObject, options: Options): void => {
    json[options.useProtoFieldName ? name : jsonName] = write(value, options) ?? refuse(field);
  };
  if (oneof !== undefined) {
    return (message, json, options) => {
      const member = message[oneof.localName] as { case?: string; value?: unknown };
      if (member.case === localName) {
        put(member.value, json, options);
      }
    };
  }
  if (!hasImplicitPresence(field)) {
    return (message, json, options) => {
      const value = message[localName];
      if (value !== undefined && Object.hasOwn(message, localName)) {
        put(value, json, options);
      }
    };
  }
  const isUnset = createUnsetTest(field);
  return (message, json, options) => {
    const value = message[localName];
    if (!isUnset(value) || options.alwaysEmitImplicit) {
      put(value, json, options);
    }
  };
}

function listWriter(field: DescField): WriteValue {
  const write = valueWriter(field);
  return (value, options) => {
    const items = value as readonly unknown[];
    const json: JsonValue[] = [];
    for (let index = 0; index < items.length; index++) {
      json.push(write(items[index], options) ?? refuse(field));
    }
    return json;
  };
}

function valueWriter(field: DescField): WriteValue {
  const { enum: names, message, scalar } = field;
  if (message !== undefined) {
    const write = writerOf(message);
    return (value, options) => write(value === undefined ? create(message) : value, options);
  }
  if (scalar !== undefined) {
    return createScalarWriter(scalar);
  }
  return (value, { enumAsInteger }) =>
    typeof value !== "number"
      ? undefined
      : // An unknown number has no name.
        ((enumAsInteger ? undefined : names?.value[value]?.jsonName) ?? value);
}

function refuse(what: DescField | DescMessage): never {
  throw new Error(`cannot encode ${String(what)} to JSON`);
}
