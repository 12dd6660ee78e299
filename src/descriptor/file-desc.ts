import {
  createFileRegistry,
  type DescFile,
  type DescMessage,
  fromBinary,
} from "@bufbuild/protobuf";
import { boot, messageDesc } from "@bufbuild/protobuf/codegenv2";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import type {
  DescriptorProto,
  FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * Creates a file descriptor. Generated code calls this function instead of the one with the same name in protobuf-es, because a
 * browser then loads 31.8 KB instead of 41.1 KB (gzip) before its first call, as measured by `npm run size`:
 *
 * - 5.6 KB less, because the descriptor is text, which gzip compresses to half the size of base64;
 * - 3.7 KB less, because google/protobuf/descriptor.proto stays out, with its enums that no bundler can remove. This function knows
 *   only the part that describes messages and services. Everything else, such as options of other APIs, stays in unknown fields.
 *
 * The result is the same: a test compares all descriptors with those that protobuf-es reads.
 *
 * @param text the FileDescriptorProto in binary form, one character per byte, as tools/protoc-gen-idp-es.mjs writes it. The first
 * character is an escape, which appears nowhere else in the data: it adds 128 to the character after it, so that all characters are
 * ASCII.
 */
export function fileDesc(text: string, imports: readonly DescFile[] = []): DescFile {
  const [escape] = text;
  const bytes: number[] = [];
  for (let at = 1; at < text.length; at++) {
    bytes.push(text[at] === escape ? 128 + text.charCodeAt(++at) : text.charCodeAt(at));
  }
  const root = fromBinary(fileSchema(), Uint8Array.from(bytes)) as FileDescriptorProto;
  root.messageType.forEach(restoreJsonNames);
  // Some imports only provide options that are omitted here.
  root.dependency = imports.map(({ proto }) => proto.name);
  const registry = createFileRegistry(root, (name) =>
    imports.find(({ proto }) => proto.name === name),
  );
  return registry.getFile(root.name) as DescFile;
}

/** Restores the JSON names, which protoc-gen-es omits if they follow from the field names. */
function restoreJsonNames({ field, nestedType }: DescriptorProto): void {
  for (const each of field) {
    each.jsonName ||= protoCamelCase(each.name);
  }
  nestedType.forEach(restoreJsonNames);
}

/**
 * The required part of google/protobuf/descriptor.proto: messages with their fields, each a name, a number and a type. `i` is an
 * int32 or an enum, `s` a string, `b` a bool; a star marks repeated fields.
 */
const messages: readonly (readonly [name: string, fields: string])[] = [
  [
    "FileDescriptorProto",
    "name 1 s,package 2 s,dependency 3 s*,public_dependency 10 i*,weak_dependency 11 i*,option_dependency 15 s*,message_type 4 DescriptorProto*,enum_type 5 EnumDescriptorProto*,service 6 ServiceDescriptorProto*,extension 7 FieldDescriptorProto*,syntax 12 s,edition 14 i",
  ],
  [
    "DescriptorProto",
    "name 1 s,field 2 FieldDescriptorProto*,extension 6 FieldDescriptorProto*,nested_type 3 DescriptorProto*,enum_type 4 EnumDescriptorProto*,extension_range 5 Unknown*,oneof_decl 8 OneofDescriptorProto*,options 7 MessageOptions,reserved_range 9 Unknown*,reserved_name 10 s*",
  ],
  [
    "FieldDescriptorProto",
    "name 1 s,extendee 2 s,number 3 i,label 4 i,type 5 i,type_name 6 s,default_value 7 s,options 8 FieldOptions,oneof_index 9 i,json_name 10 s,proto3_optional 17 b",
  ],
  [
    "FieldOptions",
    "packed 2 b,deprecated 3 b,debug_redact 16 b,targets 19 i*,edition_defaults 20 Unknown*,uninterpreted_option 999 Unknown*",
  ],
  ["MessageOptions", "deprecated 3 b,map_entry 7 b,uninterpreted_option 999 Unknown*"],
  ["OneofDescriptorProto", "name 1 s"],
  [
    "EnumDescriptorProto",
    "name 1 s,value 2 EnumValueDescriptorProto*,reserved_range 4 Unknown*,reserved_name 5 s*",
  ],
  ["EnumValueDescriptorProto", "name 1 s,number 2 i"],
  ["ServiceDescriptorProto", "name 1 s,method 2 MethodDescriptorProto*"],
  [
    "MethodDescriptorProto",
    "name 1 s,input_type 2 s,output_type 3 s,options 4 MethodOptions,client_streaming 5 b,server_streaming 6 b",
  ],
  ["MethodOptions", "deprecated 33 b,idempotency_level 34 i,uninterpreted_option 999 Unknown*"],
  // A placeholder for messages of which only the bytes are kept. Their fields must exist, because a message has all its lists,
  // even empty ones.
  ["Unknown", ""],
];

const types: Readonly<Record<string, number>> = { i: 5, b: 8, s: 9 };

let schema: typeof FileDescriptorProtoSchema | undefined;

function fileSchema(): DescMessage {
  schema ??= messageDesc(
    boot({
      name: "google/protobuf/descriptor.proto",
      package: "google.protobuf",
      messageType: messages.map(([name, fields]) => ({
        name,
        field: fields.split(",").filter(Boolean).map(toField),
      })),
      enumType: [],
    }),
    0,
  ) as typeof FileDescriptorProtoSchema;
  return schema;
}

function toField(text: string): DescriptorField {
  const [name = "", number, kind = ""] = text.split(" ");
  const type = kind.replace("*", "");
  return {
    name,
    number: Number(number),
    label: kind === type ? 1 : 3,
    type: types[type] ?? 11,
    ...(types[type] === undefined && { typeName: `.google.protobuf.${type}` }),
  };
}

type Boot = Parameters<typeof boot>[0];
type DescriptorField = NonNullable<Boot["messageType"][number]["field"]>[number];
