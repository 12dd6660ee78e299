import { toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  listDependencies,
  loadReflectionSchema,
  type ReflectionSchema,
} from "./reflection-schema.js";

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
  const schema = loadReflectionSchema();
  switch (kind) {
    case requestKinds.listServices:
      writeServices(response, schema.services);
      break;
    case requestKinds.fileByFilename:
      writeFiles(response, schema, schema.byName.get(value), "file not found");
      break;
    case requestKinds.fileContainingSymbol:
      writeFiles(response, schema, schema.bySymbol.get(value), "not found");
      break;
    default:
      writeNotFound(response, "the schema has no extensions");
  }
  return response.finish();
}

/** Writes a ListServiceResponse. */
function writeServices(response: BinaryWriter, names: readonly string[]): void {
  const list = new BinaryWriter();
  for (const name of names) {
    const service = new BinaryWriter().uint32(lengthDelimitedTag(1)).string(name).finish();
    list.uint32(lengthDelimitedTag(1)).bytes(service);
  }
  response.uint32(lengthDelimitedTag(6)).bytes(list.finish());
}

/** Writes a FileDescriptorResponse with a file and its dependencies, or an error if there is no such file. */
function writeFiles(
  response: BinaryWriter,
  { byName }: ReflectionSchema,
  file: FileDescriptorProto | undefined,
  notFoundMessage: string,
): void {
  if (file === undefined) {
    writeNotFound(response, notFoundMessage);
    return;
  }
  const files = new BinaryWriter();
  for (const each of listDependencies(file, byName)) {
    files.uint32(lengthDelimitedTag(1)).bytes(toBinary(FileDescriptorProtoSchema, each));
  }
  response.uint32(lengthDelimitedTag(4)).bytes(files.finish());
}

/** Writes an ErrorResponse. */
function writeNotFound(response: BinaryWriter, message: string): void {
  const error = new BinaryWriter()
    .uint32(1 << 3)
    .int32(Code.NotFound)
    .uint32(lengthDelimitedTag(2))
    .string(message);
  response.uint32(lengthDelimitedTag(7)).bytes(error.finish());
}

/** The numbers of the request fields that select the kind of the request. */
const requestKinds = { fileByFilename: 3, fileContainingSymbol: 4, listServices: 7 };

function parseReflectionRequest(bytes: Uint8Array): { host: string; kind: number; value: string } {
  const parsed = { host: "", kind: 0, value: "" };
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) {
        parsed.host = reader.string();
      } else if (Object.values(requestKinds).includes(field)) {
        Object.assign(parsed, { kind: field, value: reader.string() });
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
  return parsed;
}

/** Returns the tag of a length-delimited field. */
function lengthDelimitedTag(field: number): number {
  return (field << 3) | 2;
}
