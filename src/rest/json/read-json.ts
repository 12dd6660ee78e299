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

/** The result for the name of an unknown enum value. */
const unknownEnumValue = Symbol("unknown enum value");

const compiled = new WeakMap<DescMessage, ReadValue>();

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
    throw new Error(`cannot decode ${String(desc)} from JSON: it has another form`);
  }
  return message as MessageShape<Desc>;
}

function getReader(desc: DescMessage): ReadValue {
  const reader =
    compiled.get(desc) ??
    (isTimeMessage(desc) ? createTimeReader(desc) : createMessageReader(desc));
  compiled.set(desc, reader);
  return reader;
}

function createTimeReader(desc: DescMessage): ReadValue {
  return (json) => {
    const time = typeof json === "string" ? parseTime(desc, json) : undefined;
    return time && Object.assign(create(desc), time);
  };
}

function createMessageReader(desc: DescMessage): ReadValue {
  const fields = new Map<string, { field: DescField; read: ReadValue }>();
  for (const field of desc.fields) {
    const entry = { field, read: createValueReader(field) };
    fields.set(field.name, entry).set(field.jsonName, entry);
  }
  return (json, options) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      return undefined;
    }
    const message: MessageContent = create(desc);
    const seen = new Set<DescField | DescOneof>();
    for (const [key, value] of Object.entries(json)) {
      const entry = fields.get(key);
      if (entry !== undefined) {
        readField(entry.field, entry.read, value, message, seen, options);
      } else if (!options.ignoreUnknownFields) {
        throw new Error(`cannot decode ${String(desc)} from JSON: key "${key}" is unknown`);
      }
    }
    return message;
  };
}

function readField(
  field: DescField,
  read: ReadValue,
  json: JsonValue,
  message: MessageContent,
  seen: Set<DescField | DescOneof>,
  options: ReadOptions,
): void {
  const { localName, oneof } = field;
  markAsSet(field, seen);
  if (json === null) {
    // In protobuf-es a null sets the oneof of an enum or a message, though it has no value.
    if (oneof !== undefined && field.fieldKind !== "scalar") {
      markAsSet(oneof, seen);
    }
    return;
  }
  if (oneof !== undefined) {
    markAsSet(oneof, seen);
  }
  if (field.fieldKind === "list") {
    readListField(field, read, json, message[localName] as unknown[], options);
    return;
  }
  const value = read(json, options) ?? throwFieldError(field);
  if (value !== unknownEnumValue) {
    if (oneof === undefined) {
      message[localName] = value;
    } else {
      message[oneof.localName] = { case: localName, value };
    }
  }
}

/** Records that a field or a oneof was set. Throws if it was set before. */
function markAsSet(member: DescField | DescOneof, seen: Set<DescField | DescOneof>): void {
  if (seen.has(member)) {
    throwFieldError(member, "set multiple times");
  }
  seen.add(member);
}

function readListField(
  field: DescField,
  read: ReadValue,
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
  const { enum: names, message, scalar } = field;
  return message !== undefined
    ? getReader(message)
    : names !== undefined
      ? createEnumReader(names)
      : (json) => scalar && decodeScalar(scalar, json);
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
