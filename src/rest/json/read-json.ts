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
import { int32, scalarFromJson } from "./scalar-json.js";
import { isTimeMessage, parseTime } from "./time-json.js";

type Options = Partial<JsonReadOptions>;
type Content = Record<string, unknown>;
/** A function that decodes a JSON value. Returns `undefined` if the value is not of the expected type. */
type ReadValue = (json: JsonValue, options: Options) => unknown;

/** The result for the name of an unknown enum value. */
const ignored = Symbol("ignored");

const compiled = new WeakMap<DescMessage, ReadValue>();

/**
 * Decodes a message that passes `compactCodecSupports`, as `fromJson` of protobuf-es does.
 *
 * Throws an Error that names the field and contains no values. Its cause is a FieldError if the error is about a field.
 */
export function fromJson<Desc extends DescMessage>(
  desc: Desc,
  json: JsonValue,
  options: Options = {},
): MessageShape<Desc> {
  const message = readerOf(desc)(json, options);
  if (message === undefined) {
    throw new Error(`cannot decode ${String(desc)} from JSON: it has another form`);
  }
  return message as MessageShape<Desc>;
}

function readerOf(desc: DescMessage): ReadValue {
  const reader =
    compiled.get(desc) ?? (isTimeMessage(desc) ? timeReader(desc) : messageReader(desc));
  compiled.set(desc, reader);
  return reader;
}

function timeReader(desc: DescMessage): ReadValue {
  return (json) => {
    const time = typeof json === "string" ? parseTime(desc, json) : undefined;
    return time && Object.assign(create(desc), time);
  };
}

function messageReader(desc: DescMessage): ReadValue {
  const fields = new Map<string, { field: DescField; read: ReadValue }>();
  for (const field of desc.fields) {
    const entry = { field, read: valueReader(field) };
    fields.set(field.name, entry).set(field.jsonName, entry);
  }
  return (json, options) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      return undefined;
    }
    const message: Content = create(desc);
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
  message: Content,
  seen: Set<DescField | DescOneof>,
  options: Options,
): void {
  const { localName, oneof } = field;
  once(field, seen);
  if (json === null) {
    // In protobuf-es a null sets the oneof of an enum or a message, though it has no value.
    if (oneof !== undefined && field.fieldKind !== "scalar") {
      once(oneof, seen);
    }
    return;
  }
  if (oneof !== undefined) {
    once(oneof, seen);
  }
  if (field.fieldKind === "list") {
    readList(field, read, json, message[localName] as unknown[], options);
    return;
  }
  const value = read(json, options) ?? wrong(field);
  if (value !== ignored) {
    if (oneof === undefined) {
      message[localName] = value;
    } else {
      message[oneof.localName] = { case: localName, value };
    }
  }
}

function once(member: DescField | DescOneof, seen: Set<DescField | DescOneof>): void {
  if (seen.has(member)) {
    wrong(member, "set multiple times");
  }
  seen.add(member);
}

function readList(
  field: DescField,
  read: ReadValue,
  json: JsonValue,
  items: unknown[],
  options: Options,
): void {
  for (const item of Array.isArray(json) ? json : wrong(field)) {
    const value = (item === null ? undefined : read(item, options)) ?? wrong(field);
    if (value !== ignored) {
      items.push(value);
    }
  }
}

function valueReader(field: DescField): ReadValue {
  const { enum: names, message, scalar } = field;
  return message !== undefined
    ? readerOf(message)
    : names !== undefined
      ? enumReader(names)
      : (json) => scalar && scalarFromJson(scalar, json);
}

function enumReader({ values }: DescEnum): ReadValue {
  const numbers = new Map<JsonValue, number>([
    ...values.map(({ jsonName, number }) => [jsonName, number] as const),
    ...values.map(({ name, number }) => [name, number] as const),
  ]);
  return (json, { ignoreUnknownFields }) =>
    typeof json === "number"
      ? int32(json)
      : (numbers.get(json) ??
        (typeof json === "string" && ignoreUnknownFields ? ignored : undefined));
}

function wrong(member: DescField | DescOneof, reason = "wrong value"): never {
  throw new Error(`cannot decode ${String(member)} from JSON: ${reason}`, {
    cause: new FieldError(member, reason),
  });
}
