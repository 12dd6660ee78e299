import { create } from "@bufbuild/protobuf";
import type {
  DescEnum,
  DescField,
  DescMessage,
  DescOneof,
  JsonReadOptions,
  JsonValue,
  MessageShape,
} from "@bufbuild/protobuf";
import { FieldError } from "@bufbuild/protobuf/reflect";
import type { MessageContent } from "./message-view.js";
import { decodeInt32, decodeScalar } from "./scalar-json.js";
import { isTimeMessage, parseTime } from "./time-json.js";

type ReadOptions = Partial<JsonReadOptions>;
/** A function that decodes a JSON value. Returns `undefined` if the value is not of the expected type. */
type ReadValue = (json: JsonValue, options: ReadOptions) => unknown;

/** A field, and the function that decodes its values or the items of its list. */
interface FieldReader {
  readonly field: DescField;
  readonly read: ReadValue;
}

/** The result for the name of an unknown enum value. */
const unknownEnumValue = Symbol("unknown enum value");

const readers = new WeakMap<DescMessage, ReadValue>();

/**
 * Decodes a message that passes `compactCodecSupports`, as `fromJson` of protobuf-es does.
 *
 * Throws an Error that names the field and contains no values. Its cause is a FieldError if the error is about a field.
 */
export function readJson<Desc extends DescMessage>(
  desc: Desc,
  json: JsonValue,
  options: ReadOptions = {},
): MessageShape<Desc> {
  const message = getReader(desc)(json, options);
  if (message === undefined) {
    throw new Error(`cannot decode ${String(desc)} from JSON: the value has another form`);
  }
  return message as MessageShape<Desc>;
}

function getReader(desc: DescMessage): ReadValue {
  const reader =
    readers.get(desc) ?? (isTimeMessage(desc) ? createTimeReader(desc) : createMessageReader(desc));
  readers.set(desc, reader);
  return reader;
}

function createTimeReader(desc: DescMessage): ReadValue {
  return (json) => {
    const time = typeof json === "string" ? parseTime(desc, json) : undefined;
    return time && Object.assign(create(desc), time);
  };
}

function createMessageReader(desc: DescMessage): ReadValue {
  const fieldReaders = new Map<string, FieldReader>();
  for (const field of desc.fields) {
    const reader = { field, read: createValueReader(field) };
    fieldReaders.set(field.name, reader).set(field.jsonName, reader);
  }
  return (json, options) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      return undefined;
    }
    const message: MessageContent = create(desc);
    const setMembers = new Set<DescField | DescOneof>();
    for (const [key, value] of Object.entries(json)) {
      const reader = fieldReaders.get(key);
      if (reader !== undefined) {
        readField(reader, value, message, setMembers, options);
      } else if (!options.ignoreUnknownFields) {
        throw new Error(`cannot decode ${String(desc)} from JSON: key "${key}" is unknown`);
      }
    }
    return message;
  };
}

function readField(
  reader: FieldReader,
  json: JsonValue,
  message: MessageContent,
  setMembers: Set<DescField | DescOneof>,
  options: ReadOptions,
): void {
  const { field } = reader;
  const { localName, oneof } = field;
  markAsSet(field, setMembers);
  if (json === null) {
    // In protobuf-es, null counts as a value for the oneof of an enum or a message, although it sets no field.
    if (oneof !== undefined && field.fieldKind !== "scalar") {
      markAsSet(oneof, setMembers);
    }
    return;
  }
  if (oneof !== undefined) {
    markAsSet(oneof, setMembers);
  }
  if (field.fieldKind === "list") {
    readListField(reader, json, message[localName] as unknown[], options);
    return;
  }
  const value = reader.read(json, options) ?? throwFieldError(field);
  if (value !== unknownEnumValue) {
    if (oneof === undefined) {
      message[localName] = value;
    } else {
      message[oneof.localName] = { case: localName, value };
    }
  }
}

/** Records that a field or a oneof was set. Throws if it was set before. */
function markAsSet(member: DescField | DescOneof, setMembers: Set<DescField | DescOneof>): void {
  if (setMembers.has(member)) {
    throwFieldError(member, "set multiple times");
  }
  setMembers.add(member);
}

function readListField(
  { field, read }: FieldReader,
  json: JsonValue,
  items: unknown[],
  options: ReadOptions,
): void {
  for (const item of Array.isArray(json) ? json : throwFieldError(field)) {
    const value = (item === null ? undefined : read(item, options)) ?? throwFieldError(field);
    if (value !== unknownEnumValue) {
      items.push(value);
    }
  }
}

function createValueReader(field: DescField): ReadValue {
  const { enum: enumType, message, scalar } = field;
  if (message !== undefined) {
    return getReader(message);
  }
  if (enumType !== undefined) {
    return createEnumReader(enumType);
  }
  return (json) => scalar && decodeScalar(scalar, json);
}

function createEnumReader({ values }: DescEnum): ReadValue {
  const numbers = new Map<JsonValue, number>([
    ...values.map(({ jsonName, number }) => [jsonName, number] as const),
    ...values.map(({ name, number }) => [name, number] as const),
  ]);
  return (json, { ignoreUnknownFields }) =>
    typeof json === "number"
      ? decodeInt32(json)
      : (numbers.get(json) ??
        (typeof json === "string" && ignoreUnknownFields ? unknownEnumValue : undefined));
}

function throwFieldError(member: DescField | DescOneof, reason = "wrong value"): never {
  throw new Error(`cannot decode ${String(member)} from JSON: ${reason}`, {
    cause: new FieldError(member, reason),
  });
}
