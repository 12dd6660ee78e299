import { create, createFileRegistry, type DescMethodUnary } from "@bufbuild/protobuf";
import {
  EmptySchema,
  file_google_protobuf_empty,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { methodsNotEmulated } from "../methods-not-emulated.js";

/**
 * Describes an RPC that the server has and the emulator does not, or returns `undefined` for any other name. Its messages are
 * empty: their fields are unknown.
 */
export function describeMethodNotEmulated(
  serviceName: string,
  methodName: string,
): DescMethodUnary | undefined {
  if (methodsNotEmulated[serviceName]?.includes(methodName) !== true) {
    return undefined;
  }
  const dot = serviceName.lastIndexOf(".");
  const type = `.${EmptySchema.typeName}`;
  const file = create(FileDescriptorProtoSchema, {
    name: "not-emulated.proto",
    package: serviceName.slice(0, dot),
    syntax: "proto3",
    dependency: [file_google_protobuf_empty.proto.name],
    service: [
      {
        name: serviceName.slice(dot + 1),
        method: [{ name: methodName, inputType: type, outputType: type }],
      },
    ],
  });
  const registry = createFileRegistry(file, () => file_google_protobuf_empty);
  return registry.getService(serviceName)?.methods[0] as DescMethodUnary | undefined;
}
