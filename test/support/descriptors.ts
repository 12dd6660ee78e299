import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import type {
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  FileRegistry,
} from "@bufbuild/protobuf";
import {
  AnySchema,
  DescriptorProtoSchema,
  DurationSchema,
  EmptySchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldMaskSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofDescriptorProtoSchema,
  StructSchema,
  TimestampSchema,
  BoolValueSchema,
  type DescriptorProto,
  type FieldDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { http } from "../../gen/google/api/annotations_pb.js";
import { HttpBodySchema } from "../../gen/google/api/httpbody_pb.js";
import { HttpRuleSchema, type HttpRule } from "../../gen/google/api/http_pb.js";

/** A google.api.http rule as test data. */
export interface Rule {
  verb: string;
  path: string;
  /** The HTTP method of the verb "custom". */
  kind?: string;
  body?: string;
  response_body?: string;
  additional_bindings?: Rule[];
}

/** The fields of a message by proto name, in the order of their numbers. */
export type Types = Record<string, string | Field>;

interface Field {
  type: string | { message: Types } | { enum: Record<string, number> } | { map: [string, string] };
  label?: string;
  oneof?: string;
  json_name?: string;
  /** The values of google.api.field_behavior. */
  behavior?: string[];
}

/** A service with one HTTP rule, as test data. */
export interface Service {
  rule: Rule | null;
  types?: Types;
  response_types?: Types;
  /** The full name of the service. Default: `test.v1.TestService`. */
  service?: string;
}

// createFileRegistry requires a file to come before its imports.
const known = [
  HttpBodySchema,
  AnySchema,
  DurationSchema,
  EmptySchema,
  FieldMaskSchema,
  StructSchema,
  TimestampSchema,
  BoolValueSchema,
];
const behaviors: Record<string, number> = { OPTIONAL: 1, REQUIRED: 2, OUTPUT_ONLY: 3 };

/**
 * Creates a registry with one service and its methods `Call` (unary), `Watch` (server-streaming) and `Upload` (client-streaming).
 */
export function buildRegistry({
  rule,
  types = {},
  response_types = {},
  service = "test.v1.TestService",
}: Service): FileRegistry {
  const dot = service.lastIndexOf(".");
  const options = create(MethodOptionsSchema);
  if (rule !== null) {
    setExtension(options, http, httpRule(rule));
  }
  const pkg = service.slice(0, dot);
  const method = { inputType: `.${pkg}.Request`, outputType: `.${pkg}.Response`, options };
  const file = create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: pkg,
    syntax: "proto3",
    dependency: known.map((desc) => desc.file.proto.name),
    messageType: [
      messageType("Request", `.${pkg}.Request`, types),
      messageType("Response", `.${pkg}.Response`, response_types),
    ],
    service: [
      {
        name: service.slice(dot + 1),
        method: [
          { name: "Call", ...method },
          { name: "Watch", ...method, serverStreaming: true },
          { name: "Upload", ...method, clientStreaming: true },
        ],
      },
    ],
  });
  const files = new Map(
    [file, ...known.map((desc) => desc.file.proto)].map((each) => [each.name, each]),
  );
  return createFileRegistry(file, (name) => files.get(name));
}

export function buildMethod(service: Service): DescMethodUnary {
  return find(service, "Call") as DescMethodUnary;
}

export function buildStreamingMethod(
  service: Service,
  name: "Watch" | "Upload" = "Watch",
): DescMethodServerStreaming {
  return find(service, name) as DescMethodServerStreaming;
}

function find(service: Service, name: string): DescMethod {
  const desc = buildRegistry(service).getService(service.service ?? "test.v1.TestService");
  const method = desc?.methods.find((candidate) => candidate.name === name);
  if (method === undefined) {
    throw new Error(`no method ${name}`);
  }
  return method;
}

function httpRule(rule: Rule): HttpRule {
  const verb = rule.verb as "get" | "put" | "post" | "delete" | "patch";
  return create(HttpRuleSchema, {
    pattern:
      rule.verb === "custom"
        ? { case: "custom", value: { kind: rule.kind ?? "", path: rule.path } }
        : { case: verb, value: rule.path },
    body: rule.body ?? "",
    responseBody: rule.response_body ?? "",
    additionalBindings: (rule.additional_bindings ?? []).map(httpRule),
  });
}

function messageType(name: string, fullName: string, types: Types): DescriptorProto {
  const message = create(DescriptorProtoSchema, { name });
  const fields = Object.entries(types).map(
    ([fieldName, field]) => [fieldName, normalize(field)] as const,
  );
  for (const [index, [fieldName, field]] of fields.entries()) {
    addField(message, fullName, fieldName, index + 1, field);
  }
  // Synthetic oneofs come after the declared ones.
  for (const field of message.field.filter((candidate) => candidate.proto3Optional)) {
    field.oneofIndex =
      message.oneofDecl.push(create(OneofDescriptorProtoSchema, { name: `_${field.name}` })) - 1;
  }
  return message;
}

function normalize(field: string | Field): Field {
  if (typeof field !== "string") {
    return field;
  }
  const [, label = "", type = ""] = /^(?:(\w+) )?(.+)$/.exec(field) ?? [];
  return { type, label };
}

function addField(
  message: DescriptorProto,
  fullName: string,
  name: string,
  number: number,
  field: Field,
): void {
  const proto = create(FieldDescriptorProtoSchema, {
    name,
    number,
    jsonName: field.json_name ?? jsonName(name),
    label:
      field.label === "repeated"
        ? FieldDescriptorProto_Label.REPEATED
        : FieldDescriptorProto_Label.OPTIONAL,
    proto3Optional: field.label === "optional",
  });
  setType(proto, field.type, message, fullName, name);
  if (field.oneof !== undefined) {
    const index = message.oneofDecl.findIndex((candidate) => candidate.name === field.oneof);
    proto.oneofIndex =
      index === -1
        ? message.oneofDecl.push(create(OneofDescriptorProtoSchema, { name: field.oneof })) - 1
        : index;
  }
  if (field.behavior !== undefined) {
    proto.options = create(FieldOptionsSchema);
    proto.options.$unknown = field.behavior.map((behavior) => ({
      no: 1052,
      wireType: 0,
      data: Uint8Array.of(behaviors[behavior] ?? 0),
    }));
  }
  message.field.push(proto);
}

function setType(
  proto: FieldDescriptorProto,
  type: Field["type"],
  message: DescriptorProto,
  fullName: string,
  name: string,
): void {
  const typeName = `T_${name}`;
  if (typeof type === "string") {
    const scalar =
      FieldDescriptorProto_Type[type.toUpperCase() as keyof typeof FieldDescriptorProto_Type];
    proto.type = type.includes(".") ? FieldDescriptorProto_Type.MESSAGE : scalar;
    proto.typeName = type.includes(".") ? `.${type}` : "";
  } else if ("message" in type) {
    proto.type = FieldDescriptorProto_Type.MESSAGE;
    proto.typeName = `${fullName}.${typeName}`;
    message.nestedType.push(messageType(typeName, proto.typeName, type.message));
  } else if ("enum" in type) {
    proto.type = FieldDescriptorProto_Type.ENUM;
    proto.typeName = `${fullName}.${typeName}`;
    const value = Object.entries(type.enum).map(([valueName, number]) => ({
      name: valueName,
      number,
    }));
    message.enumType.push(create(EnumDescriptorProtoSchema, { name: typeName, value }));
  } else {
    const [key, value] = type.map;
    const entryName = `${jsonName(`_${name}`)}Entry`;
    const entry = messageType(entryName, `${fullName}.${entryName}`, { key, value });
    entry.options = create(MessageOptionsSchema, { mapEntry: true });
    message.nestedType.push(entry);
    proto.type = FieldDescriptorProto_Type.MESSAGE;
    proto.typeName = `${fullName}.${entryName}`;
    proto.label = FieldDescriptorProto_Label.REPEATED;
  }
}

/** Returns the JSON name that protoc gives a field without json_name. */
function jsonName(name: string): string {
  return name.replace(/_+(.)?/g, (_, char: string | undefined) => char?.toUpperCase() ?? "");
}
