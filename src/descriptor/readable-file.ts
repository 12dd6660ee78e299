import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import type {
  DescriptorProto,
  EnumDescriptorProto,
  ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import type { FileHead } from "./read-descriptor.js";

/** A file or a message that reads the descriptors of the types inside it. */
interface TypeReader {
  messageProto(index: number): DescriptorProto;
  enumProto(index: number): EnumDescriptorProto;
}

/** A file that reads its types and services one by one. */
export interface ReadableFile extends DescFile, TypeReader {
  /** The file without its types, each of which is still binary. */
  readonly head: FileHead;
  serviceProto(index: number): ServiceDescriptorProto;
  /** Returns the message or enum of this file or its imports that a `type_name` such as `.zitadel.idp.v1.Provider` names. */
  resolve(typeName: string): DescMessage | DescEnum;
}

/** A message that reads its nested types one by one. */
export interface ReadableMessage extends DescMessage, TypeReader {
  readonly file: ReadableFile;
  readonly parent: ReadableMessage | undefined;
}
