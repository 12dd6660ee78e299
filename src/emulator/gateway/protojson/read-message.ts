import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { JsonReader, JsonToken } from "./json-reader.js";
import { readDuration } from "./read-duration.js";
import { readScalar } from "./read-scalar.js";
import { readTimestamp } from "./read-timestamp.js";

/**
 * Reads a message as protobuf-go's encoding/protojson does with the option DiscardUnknown: field by field in the order of the text,
 * so that the first mistake in the text is the error.
 *
 * Reads only the types that occur in requests of ZITADEL. These have no maps, and of the well-known types only durations, timestamps
 * and the empty message.
 *
 * Throws a ConnectError with `invalid_argument` and the text of protobuf-go. The text begins with "proto: ", as on the recorded
 * server; other builds of a server have a non-breaking space there.
 */
export function readMessage(reader: JsonReader, desc: DescMessage): Message {
  return readReflectMessage(reader, desc).message;
}

/** Reads the value of one field into a message. */
export function readField(reader: JsonReader, message: ReflectMessage, field: DescField): void {
  switch (field.fieldKind) {
    case "list": {
      reader.expect("[");
      const list = message.get(field);
      while (reader.peek() !== "]") {
        addIfKnown(readValue(reader, field), (value) => list.add(value));
      }
      reader.read();
      return;
    }
    case "map":
      throw new TypeError(`cannot read ${String(field)}: no request of ZITADEL has a map`);
    default:
      addIfKnown(readValue(reader, field), (value) => message.set(field, value));
  }
}

function readReflectMessage(reader: JsonReader, desc: DescMessage): ReflectMessage {
  const message = reflect(desc);
  if (desc.typeName.startsWith("google.protobuf.") && desc.fields.length > 0) {
    readWellKnownType(reader, message);
    return message;
  }
  reader.expect("{");
  const seen = new Set<DescField | DescField["oneof"]>();
  for (let token = reader.read(); token.kind !== "}"; token = reader.read()) {
    const field = findField(desc, token.content);
    if (field === undefined) {
      reader.skipValue();
    } else {
      readMember(reader, message, { token, field, seen });
    }
  }
  return message;
}

interface Member {
  /** The name in the text. */
  readonly token: JsonToken;
  readonly field: DescField;
  /** The fields and oneofs that the text has set so far. */
  readonly seen: Set<DescField | DescField["oneof"]>;
}

function readMember(
  reader: JsonReader,
  message: ReflectMessage,
  { token, field, seen }: Member,
): void {
  const { oneof } = field;
  if (seen.has(field)) {
    reader.throwAt(token.position, `duplicate field ${token.raw}`);
  }
  seen.add(field);
  // A null does not count as a member of a oneof.
  if (reader.peek() === "n") {
    reader.read();
    return;
  }
  if (oneof !== undefined) {
    if (seen.has(oneof)) {
      const name = `${oneof.parent.typeName}.${oneof.name}`;
      reader.throwAt(token.position, `error parsing ${token.raw}, oneof ${name} is already set`);
    }
    seen.add(oneof);
  }
  readField(reader, message, field);
}

/** Finds a field by its JSON name or, if no field has that JSON name, by its name in the proto. */
function findField({ fields }: DescMessage, name: string): DescField | undefined {
  return (
    fields.find(({ jsonName }) => jsonName === name) ?? fields.find((field) => field.name === name)
  );
}

/** Reads a single value. Returns `undefined` for an unknown name of an enum value, which the caller ignores. */
function readValue(reader: JsonReader, field: DescField): unknown {
  return field.message === undefined
    ? readScalar(reader, field)
    : readReflectMessage(reader, field.message);
}

function addIfKnown(value: unknown, add: (value: unknown) => void): void {
  if (value !== undefined) {
    add(value);
  }
}

function readWellKnownType(reader: JsonReader, message: ReflectMessage): void {
  const { typeName, field } = message.desc;
  const readTime = timeReaders[typeName];
  const [seconds, nanos] = [field["seconds"], field["nanos"]];
  if (readTime === undefined || seconds === undefined || nanos === undefined) {
    throw new TypeError(`cannot read ${typeName}: no request of ZITADEL has it`);
  }
  const time = readTime(reader);
  message.set(seconds, time.seconds);
  message.set(nanos, time.nanos);
}

const timeReaders: Readonly<Record<string, typeof readDuration>> = {
  "google.protobuf.Duration": readDuration,
  "google.protobuf.Timestamp": readTimestamp,
};
