import type { DescField, DescOneof } from "@bufbuild/protobuf";
import { protoCamelCase, safeObjectProperty } from "@bufbuild/protobuf/reflect";
import type { DescriptorProto, FieldDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { ReadableMessage } from "./readable-file.js";

/** The values of protobuf's enums that occur in the fields of proto3. */
const [explicit, implicit] = [1, 2] as const;
const types = { string: 9, message: 11, bytes: 12, enum: 14 };
const labels = { repeated: 3 };

/** The fields and oneofs of a message, as a `DescMessage` has them. */
export interface MessageMembers {
  readonly fields: DescField[];
  readonly field: Record<string, DescField>;
  readonly oneofs: DescOneof[];
  readonly members: (DescField | DescOneof)[];
}

/** Creates the descriptors of the fields and oneofs of a message. */
export function readMembers(message: ReadableMessage): MessageMembers {
  const oneofs = message.proto.oneofDecl.map((proto): DescOneof => ({
    kind: "oneof",
    proto,
    deprecated: false,
    parent: message,
    fields: [],
    name: proto.name,
    localName: safeObjectProperty(protoCamelCase(proto.name)),
    toString: () => `oneof ${message.typeName}.${proto.name}`,
  }));
  const fields = message.proto.field.map((proto) => {
    // In the file, an `optional` field has a oneof of its own, which users of the message never see.
    const isInOneof = !proto.proto3Optional && Object.hasOwn(proto, "oneofIndex");
    return createField(message, proto, isInOneof ? oneofs[proto.oneofIndex] : undefined);
  });
  fields.forEach((field) => field.oneof?.fields.push(field));
  return {
    fields,
    field: Object.fromEntries(fields.map((field) => [field.localName, field])),
    oneofs: oneofs.filter((oneof) => oneof.fields.length > 0),
    members: [...new Set(fields.map((field) => field.oneof ?? field))],
  };
}

/** Creates the descriptor of a field, with the properties that protobuf-es gives it. */
function createField(
  parent: ReadableMessage,
  proto: FieldDescriptorProto,
  oneof: DescOneof | undefined,
): DescField {
  const isRepeated = isOneOf(proto.label, labels.repeated);
  const entry = isRepeated ? mapEntry(parent, proto) : undefined;
  const [key, value = proto] = entry?.field ?? [];
  const named = isOneOf(value.type, types.message, types.enum)
    ? parent.file.resolve(value.typeName)
    : undefined;
  const valueKind = named?.kind ?? "scalar";
  const isMap = key !== undefined;
  const isList = isRepeated && !isMap;
  const isMessage = valueKind === "message";
  return {
    kind: "field",
    proto,
    deprecated: proto.options?.deprecated ?? false,
    name: proto.name,
    number: proto.number,
    scalar: named === undefined ? value.type : undefined,
    message: isMessage ? named : undefined,
    enum: valueKind === "enum" ? named : undefined,
    presence:
      !isRepeated && (oneof !== undefined || proto.proto3Optional || isMessage)
        ? explicit
        : implicit,
    utf8Validation: true,
    listKind: isList ? valueKind : undefined,
    mapKind: isMap ? valueKind : undefined,
    mapKey: key?.type,
    delimitedEncoding: isMap || isMessage ? false : undefined,
    packed: isList ? !isOneOf(proto.type, types.string, types.bytes, types.message) : undefined,
    longAsString: false,
    getDefaultValue: isRepeated ? undefined : () => undefined,
    parent,
    oneof,
    localName: safeObjectProperty(protoCamelCase(proto.name)),
    jsonName: proto.jsonName,
    toString: () => `field ${parent.typeName}.${proto.name}`,
    fieldKind: isMap ? "map" : isList ? "list" : valueKind,
  } as DescField;
}

/** Returns the message with the key and the value of a map field, or undefined for any other field. */
function mapEntry(
  { proto: { nestedType }, typeName }: ReadableMessage,
  field: FieldDescriptorProto,
): DescriptorProto | undefined {
  return nestedType.find(
    ({ name, options }) => options?.mapEntry === true && field.typeName === `.${typeName}.${name}`,
  );
}

/** Returns true if `value` is one of `numbers`. TypeScript would reject the comparison of an enum with a number. */
function isOneOf(value: number, ...numbers: readonly number[]): boolean {
  return numbers.includes(value);
}
