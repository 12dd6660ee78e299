import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { file_zitadel_admin } from "../../../gen/zitadel/admin_pb.js";
import { file_zitadel_management } from "../../../gen/zitadel/management_pb.js";
import { file_zitadel_message } from "../../../gen/zitadel/message_pb.js";
import { healthService } from "./health-check.js";

/**
 * The path of server reflection, which generic clients such as grpcurl call for the schema. Both versions use the same messages.
 */
export const reflectionPath: RegExp =
  /^\/grpc\.reflection\.v1(alpha)?\.ServerReflection\/ServerReflectionInfo$/;

/**
 * Answers a `ServerReflectionRequest` with a `ServerReflectionResponse`, both in binary form
 * (https://github.com/grpc/grpc-proto/blob/master/grpc/reflection/v1/reflection.proto). Needs no token.
 */
export function handleReflectionRequest(request: Uint8Array): Uint8Array<ArrayBuffer> {
  const { host, kind, value } = parseReflectionRequest(request);
  const response = new BinaryWriter();
  if (host !== "") {
    response.uint32(lengthDelimitedTag(1)).string(host);
  }
  response.uint32(lengthDelimitedTag(2)).bytes(request);
  const refuse = (code: Code, message: string): void => {
    const error = new BinaryWriter().uint32(1 << 3).int32(code);
    response
      .uint32(lengthDelimitedTag(7))
      .bytes(error.uint32(lengthDelimitedTag(2)).string(message).finish());
  };
  const files = loadSchema();
  if (kind === requestKinds.listServices) {
    const list = new BinaryWriter();
    for (const name of files.services) {
      list
        .uint32(lengthDelimitedTag(1))
        .bytes(new BinaryWriter().uint32(lengthDelimitedTag(1)).string(name).finish());
    }
    response.uint32(lengthDelimitedTag(6)).bytes(list.finish());
  } else if (kind === requestKinds.fileByFilename || kind === requestKinds.fileContainingSymbol) {
    const found =
      kind === requestKinds.fileByFilename ? files.byName.get(value) : files.bySymbol.get(value);
    if (found === undefined) {
      refuse(Code.NotFound, kind === requestKinds.fileByFilename ? "file not found" : "not found");
    } else {
      const written = new BinaryWriter();
      for (const file of withDependencies(found, files.byName)) {
        written.uint32(lengthDelimitedTag(1)).bytes(toBinary(FileDescriptorProtoSchema, file));
      }
      response.uint32(lengthDelimitedTag(4)).bytes(written.finish());
    }
  } else {
    refuse(Code.NotFound, "the schema has no extensions");
  }
  return response.finish();
}

/** The numbers of the request fields that select the kind of the request. */
const requestKinds = { fileByFilename: 3, fileContainingSymbol: 4, listServices: 7 };

function parseReflectionRequest(bytes: Uint8Array): { host: string; kind: number; value: string } {
  const read = { host: "", kind: 0, value: "" };
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) {
        read.host = reader.string();
      } else if (Object.values(requestKinds).includes(field)) {
        Object.assign(read, { kind: field, value: reader.string() });
      } else {
        reader.skip(wireType, field);
      }
    }
  } catch (cause) {
    throw new ConnectError(
      "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
  return read;
}

/** Returns the tag of a length-delimited field. */
function lengthDelimitedTag(field: number): number {
  return (field << 3) | 2;
}

interface ReflectionSchema {
  readonly services: readonly string[];
  readonly byName: ReadonlyMap<string, FileDescriptorProto>;
  readonly bySymbol: ReadonlyMap<string, FileDescriptorProto>;
}

let reflectionSchema: ReflectionSchema | undefined;

/** Returns the schema that clients can query. Built on the first call. */
function loadSchema(): ReflectionSchema {
  reflectionSchema ??= buildSchema();
  return reflectionSchema;
}

function buildSchema(): ReflectionSchema {
  const byName = new Map<string, FileDescriptorProto>();
  const add = ({ proto, dependencies }: DescFile): void => {
    if (!byName.has(proto.name)) {
      byName.set(proto.name, proto);
      dependencies.forEach(add);
    }
  };
  [file_zitadel_management, file_zitadel_admin, file_zitadel_message].forEach(add);
  const health = describeHealth();
  byName.set(health.name, health);

  const bySymbol = new Map<string, FileDescriptorProto>();
  const services: string[] = [];
  for (const file of byName.values()) {
    const prefix = file.package === "" ? "" : `${file.package}.`;
    for (const { name, method } of file.service) {
      services.push(prefix + name);
      for (const symbol of [name, ...method.map((each) => `${name}.${each.name}`)]) {
        bySymbol.set(prefix + symbol, file);
      }
    }
    const types = [...file.enumType, ...file.messageType, ...file.extension];
    types.forEach(({ name }) => bySymbol.set(prefix + name, file));
    for (const { name, nestedType, enumType } of file.messageType) {
      [...nestedType, ...enumType].forEach((each) =>
        bySymbol.set(`${prefix}${name}.${each.name}`, file),
      );
    }
  }
  return { services: services.toSorted(), byName, bySymbol };
}

function withDependencies(
  file: FileDescriptorProto,
  byName: ReadonlyMap<string, FileDescriptorProto>,
): Set<FileDescriptorProto> {
  const found = new Set<FileDescriptorProto>();
  const add = (each: FileDescriptorProto | undefined): void => {
    if (each !== undefined && !found.has(each)) {
      found.add(each);
      each.dependency.forEach((name) => add(byName.get(name)));
    }
  };
  add(file);
  return found;
}

/** Creates the part of https://github.com/grpc/grpc-proto/blob/master/grpc/health/v1/health.proto that the emulator serves. */
function describeHealth(): FileDescriptorProto {
  const { OPTIONAL } = FieldDescriptorProto_Label;
  const [packageName, service] = healthService;
  return create(FileDescriptorProtoSchema, {
    name: "grpc/health/v1/health.proto",
    package: packageName,
    syntax: "proto3",
    messageType: [
      {
        name: "HealthCheckRequest",
        field: [
          { name: "service", number: 1, type: FieldDescriptorProto_Type.STRING, label: OPTIONAL },
        ],
      },
      {
        name: "HealthCheckResponse",
        field: [
          {
            name: "status",
            number: 1,
            type: FieldDescriptorProto_Type.ENUM,
            typeName: `.${packageName}.HealthCheckResponse.ServingStatus`,
            label: OPTIONAL,
          },
        ],
        enumType: [
          {
            name: "ServingStatus",
            value: ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"].map((name, number) => ({
              name,
              number,
            })),
          },
        ],
      },
    ],
    service: [
      {
        name: service,
        method: [
          {
            name: "Check",
            inputType: `.${packageName}.HealthCheckRequest`,
            outputType: `.${packageName}.HealthCheckResponse`,
          },
        ],
      },
    ],
  });
}
