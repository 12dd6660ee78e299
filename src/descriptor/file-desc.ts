import type {
  DescEnum,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
  DescService,
  Message,
} from "@bufbuild/protobuf";
import type {
  GenEnum,
  GenMessage,
  GenService,
  GenServiceMethods,
} from "@bufbuild/protobuf/codegenv2";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { EnumDescriptor } from "./enum-descriptor.js";
import { type MessageMembers, readMembers } from "./message-members.js";
import { type FileHead, readDescriptor, readName } from "./read-descriptor.js";
import type { ReadableFile, ReadableMessage } from "./readable-file.js";
import { ServiceDescriptor } from "./service-descriptor.js";

// The descriptors of generated code. Generated code calls `fileDesc`, `messageDesc`, `enumDesc` and `serviceDesc` of this file instead
// of the functions with the same names in protobuf-es. protobuf-es reads all messages of a file when the file is imported. A descriptor
// of this file reads its part when one of its properties is read, because a program calls only a few of the RPCs.
//
// A Node.js process has its first response after 65 ms instead of 100 ms (`npm run bench -- --only first-call`). A browser loads 11 KB
// (gzip) less before the first call (`npm run size`):
//
// - 5 KB less, because a descriptor is text, which gzip compresses to two thirds of the size of base64;
// - 6 KB less, because two parts of protobuf-es stay out: its reader of descriptors, and google/protobuf/descriptor.proto, with enums
//   that no bundler can remove. This file knows only the part that describes messages and services. Everything else, such as options of
//   other APIs, stays in unknown fields.
//
// A test compares all properties with those of protobuf-es. All files are written in proto3, without extensions.

/**
 * Creates a file descriptor.
 *
 * @param text the FileDescriptorProto in binary form, one character per byte, as tools/protoc-gen-idp-es.mjs writes it. The first
 * character is an escape, which appears nowhere else in the data: it adds 128 to the character after it, so that all characters are
 * ASCII.
 */
export function fileDesc(text: string, imports: DescFile[] = []): DescFile {
  return new FileDescriptor(text, imports);
}

/** Returns the descriptor of the message at an index of the file. Each further index leads to a message nested in the one before. */
export function messageDesc<Shape extends Message>(
  file: DescFile,
  index: number,
  ...nested: readonly number[]
): GenMessage<Shape> {
  const outermost = (file as FileDescriptor).message(index);
  const message = nested.reduce((outer, each) => outer.nestedMessage(each), outermost);
  return message as DescMessage as GenMessage<Shape>;
}

/**
 * Returns the descriptor of the enum at an index of the file. With further indexes, all but the last lead to the message that
 * contains the enum, as in `messageDesc`.
 */
export function enumDesc<Shape extends number>(
  file: DescFile,
  index: number,
  ...nested: readonly number[]
): GenEnum<Shape> {
  const own = file as FileDescriptor;
  const last = nested.at(-1);
  const found =
    last === undefined
      ? own.enum(index)
      : nested
          .slice(0, -1)
          .reduce((outer, each) => outer.nestedMessage(each), own.message(index))
          .nestedEnum(last);
  return found as DescEnum as GenEnum<Shape>;
}

/** Returns the descriptor of the service at an index of the file. */
export function serviceDesc<Methods extends GenServiceMethods>(
  file: DescFile,
  index: number,
): GenService<Methods> {
  return (file as FileDescriptor).service(index) as DescService as GenService<Methods>;
}

const noExtensions: DescExtension[] = [];

class FileDescriptor implements ReadableFile {
  readonly kind = "file";
  /** The number of `EDITION_PROTO3`. */
  readonly edition = 999;
  readonly deprecated = false;
  readonly extensions = noExtensions;
  readonly dependencies: DescFile[];
  readonly #text: string;
  readonly #messages: MessageDescriptor[] = [];
  readonly #enums: EnumDescriptor[] = [];
  readonly #services: ServiceDescriptor[] = [];
  #head: FileHead | undefined;
  #proto: FileDescriptorProto | undefined;
  #types: ReadonlyMap<string, MessageDescriptor | EnumDescriptor> | undefined;

  constructor(text: string, dependencies: DescFile[]) {
    this.#text = text;
    this.dependencies = dependencies;
  }

  get head(): FileHead {
    return (this.#head ??= readDescriptor("FileDescriptorProto", toBytes(this.#text)));
  }
  get name(): string {
    return this.head.name.slice(0, -".proto".length);
  }
  get messages(): MessageDescriptor[] {
    return this.head.messageType.map((_, index) => this.message(index));
  }
  get enums(): EnumDescriptor[] {
    return this.head.enumType.map((_, index) => this.enum(index));
  }
  get services(): ServiceDescriptor[] {
    return this.head.service.map((_, index) => this.service(index));
  }
  get proto(): FileDescriptorProto {
    return (this.#proto ??= Object.assign(
      Object.create(Object.getPrototypeOf(this.head) as object),
      this.head,
      {
        // Some imports only provide options that are omitted here.
        dependency: this.dependencies.map(({ proto }) => proto.name),
        messageType: this.messages.map(({ proto }) => proto),
        enumType: this.enums.map(({ proto }) => proto),
        service: this.services.map(({ proto }) => proto),
      },
    ));
  }

  // These methods create each descriptor once, and do not read the file.
  message(index: number): MessageDescriptor {
    return (this.#messages[index] ??= new MessageDescriptor(this, undefined, index));
  }
  enum(index: number): EnumDescriptor {
    return (this.#enums[index] ??= new EnumDescriptor(this, undefined, index));
  }
  service(index: number): ServiceDescriptor {
    return (this.#services[index] ??= new ServiceDescriptor(this, index));
  }

  messageProto(index: number): DescriptorProto {
    const proto = readDescriptor("DescriptorProto", this.head.messageType[index]);
    restoreJsonNames(proto);
    return proto;
  }
  enumProto(index: number): EnumDescriptorProto {
    return readDescriptor("EnumDescriptorProto", this.head.enumType[index]);
  }
  serviceProto(index: number): ServiceDescriptorProto {
    return readDescriptor("ServiceDescriptorProto", this.head.service[index]);
  }

  resolve(typeName: string): DescMessage | DescEnum {
    const name = typeName.slice(1);
    for (const file of [this, ...this.dependencies]) {
      const found = file instanceof FileDescriptor ? file.find(name) : findType(file, name);
      if (found !== undefined) {
        return found;
      }
    }
    throw new Error(`${name} is not imported`);
  }

  /** Finds a message or enum of this file, at any depth. */
  find(typeName: string): MessageDescriptor | EnumDescriptor | undefined {
    const found = (this.#types ??= this.#indexTypes()).get(typeName);
    if (found !== undefined || !typeName.includes(".")) {
      return found;
    }
    const outer = this.find(typeName.slice(0, typeName.lastIndexOf(".")));
    return outer instanceof MessageDescriptor
      ? [...outer.nestedMessages, ...outer.nestedEnums].find((each) => each.typeName === typeName)
      : undefined;
  }

  #indexTypes(): ReadonlyMap<string, MessageDescriptor | EnumDescriptor> {
    const { package: pkg, messageType, enumType } = this.head;
    return new Map<string, MessageDescriptor | EnumDescriptor>([
      ...messageType.map((each, at) => [`${pkg}.${readName(each)}`, this.message(at)] as const),
      ...enumType.map((each, at) => [`${pkg}.${readName(each)}`, this.enum(at)] as const),
    ]);
  }

  toString(): string {
    return `file ${this.head.name}`;
  }
}

/** Finds a type of a file that `fileDesc` did not create. Such files belong to protobuf-es, and nothing uses their nested types. */
function findType(file: DescFile, typeName: string): DescMessage | DescEnum | undefined {
  return [...file.messages, ...file.enums].find((each) => each.typeName === typeName);
}

class MessageDescriptor implements ReadableMessage {
  readonly kind = "message";
  readonly nestedExtensions = noExtensions;
  readonly file: FileDescriptor;
  readonly parent: MessageDescriptor | undefined;
  readonly #index: number;
  readonly #nestedMessages: MessageDescriptor[] = [];
  readonly #nestedEnums: EnumDescriptor[] = [];
  #proto: DescriptorProto | undefined;
  #typeName: string | undefined;
  #members: MessageMembers | undefined;

  constructor(file: FileDescriptor, parent: MessageDescriptor | undefined, index: number) {
    this.file = file;
    this.parent = parent;
    this.#index = index;
  }

  get proto(): DescriptorProto {
    return (this.#proto ??= (this.parent ?? this.file).messageProto(this.#index));
  }
  get name(): string {
    return this.proto.name;
  }
  get typeName(): string {
    return (this.#typeName ??= `${this.parent?.typeName ?? this.file.head.package}.${this.name}`);
  }
  get deprecated(): boolean {
    return this.proto.options?.deprecated ?? false;
  }
  get fields(): DescField[] {
    return (this.#members ??= readMembers(this)).fields;
  }
  get field(): Record<string, DescField> {
    return (this.#members ??= readMembers(this)).field;
  }
  get oneofs(): DescOneof[] {
    return (this.#members ??= readMembers(this)).oneofs;
  }
  get members(): (DescField | DescOneof)[] {
    return (this.#members ??= readMembers(this)).members;
  }
  get nestedMessages(): MessageDescriptor[] {
    return this.#nestedTypes.map((_, index) => this.nestedMessage(index));
  }
  get nestedEnums(): EnumDescriptor[] {
    return this.proto.enumType.map((_, index) => this.nestedEnum(index));
  }
  /** The nested messages that are not entries of maps, which have no descriptor. */
  get #nestedTypes(): readonly DescriptorProto[] {
    return this.proto.nestedType.filter(({ options }) => options?.mapEntry !== true);
  }

  nestedMessage(index: number): MessageDescriptor {
    return (this.#nestedMessages[index] ??= new MessageDescriptor(this.file, this, index));
  }
  nestedEnum(index: number): EnumDescriptor {
    return (this.#nestedEnums[index] ??= new EnumDescriptor(this.file, this, index));
  }
  messageProto(index: number): DescriptorProto {
    return this.#nestedTypes[index] as DescriptorProto;
  }
  enumProto(index: number): EnumDescriptorProto {
    return this.proto.enumType[index] as EnumDescriptorProto;
  }

  toString(): string {
    return `message ${this.typeName}`;
  }
}

function toBytes(text: string): Uint8Array {
  const escape = text.charCodeAt(0);
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[length++] = code === escape ? 128 + text.charCodeAt(++at) : code;
  }
  return bytes.subarray(0, length);
}

/** Restores the JSON names, which protoc-gen-es omits if they follow from the field names. */
function restoreJsonNames({ field, nestedType }: DescriptorProto): void {
  for (const each of field) {
    each.jsonName ||= protoCamelCase(each.name);
  }
  nestedType.forEach(restoreJsonNames);
}
