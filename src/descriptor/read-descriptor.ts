import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** A message of google/protobuf/descriptor.proto. */
interface DescriptorMessage {
  readonly $typeName: string;
  /** The fields that `fieldsByType` does not list, in binary form, as protobuf-es keeps them. */
  $unknown?: { readonly no: number; readonly wireType: number; readonly data: Uint8Array }[];
  [field: string]: unknown;
}

/**
 * The part of google/protobuf/descriptor.proto that describes messages and services: the fields of each message, each with a name, a
 * number and a type. `i` is an int32 or an enum, `s` a string, `b` a bool; a star marks a list. `x` is a message that stays binary, because
 * it is read later.
 */
const fieldsByType: Readonly<Record<string, string>> = {
  FileDescriptorProto:
    "name 1 s,package 2 s,dependency 3 s*,publicDependency 10 i*,weakDependency 11 i*,optionDependency 15 s*,messageType 4 x*,enumType 5 x*,service 6 x*,extension 7 FieldDescriptorProto*,syntax 12 s,edition 14 i",
  DescriptorProto:
    "name 1 s,field 2 FieldDescriptorProto*,extension 6 FieldDescriptorProto*,nestedType 3 DescriptorProto*,enumType 4 EnumDescriptorProto*,extensionRange 5 Unknown*,oneofDecl 8 OneofDescriptorProto*,options 7 MessageOptions,reservedRange 9 Unknown*,reservedName 10 s*",
  FieldDescriptorProto:
    "name 1 s,extendee 2 s,number 3 i,label 4 i,type 5 i,typeName 6 s,defaultValue 7 s,options 8 FieldOptions,oneofIndex 9 i,jsonName 10 s,proto3Optional 17 b",
  FieldOptions:
    "packed 2 b,deprecated 3 b,debugRedact 16 b,targets 19 i*,editionDefaults 20 Unknown*,uninterpretedOption 999 Unknown*",
  MessageOptions: "deprecated 3 b,mapEntry 7 b,uninterpretedOption 999 Unknown*",
  OneofDescriptorProto: "name 1 s",
  EnumDescriptorProto:
    "name 1 s,value 2 EnumValueDescriptorProto*,reservedRange 4 Unknown*,reservedName 5 s*",
  EnumValueDescriptorProto: "name 1 s,number 2 i",
  ServiceDescriptorProto: "name 1 s,method 2 MethodDescriptorProto*",
  MethodDescriptorProto:
    "name 1 s,inputType 2 s,outputType 3 s,options 4 MethodOptions,clientStreaming 5 b,serverStreaming 6 b",
  MethodOptions: "deprecated 33 b,idempotencyLevel 34 i,uninterpretedOption 999 Unknown*",
  // A placeholder for messages that are kept as bytes only.
  Unknown: "",
};

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
}

/** A parsed entry of `fieldsByType`. */
interface MessageType {
  readonly fields: ReadonlyMap<number, Field>;
  /** The names of the fields that are lists. */
  readonly lists: readonly string[];
  /** The prototype of the messages, which has the default values. */
  readonly defaults: object;
}

const parsedTypes = new Map<string, MessageType>();
const defaultValues: Readonly<Record<string, unknown>> = { i: 0, s: "", b: false };

/** The messages that `readDescriptor` reads, by their names. */
interface Descriptors {
  FileDescriptorProto: FileHead;
  DescriptorProto: DescriptorProto;
  EnumDescriptorProto: EnumDescriptorProto;
  ServiceDescriptorProto: ServiceDescriptorProto;
}

/** A file whose types are still binary. */
export type FileHead = Omit<FileDescriptorProto, "messageType" | "enumType" | "service"> & {
  readonly messageType: readonly Uint8Array[];
  readonly enumType: readonly Uint8Array[];
  readonly service: readonly Uint8Array[];
};

/** Reads one message of descriptor.proto. */
export function readDescriptor<Name extends keyof Descriptors>(
  name: Name,
  bytes: Uint8Array | undefined,
): Descriptors[Name] {
  if (bytes === undefined) {
    throw new RangeError(`no such ${name}`);
  }
  return new DescriptorReader(bytes).read(name) as unknown as Descriptors[Name];
}

/** Reads the name of a message, an enum or a service, which is their first field. */
export function readName(bytes: Uint8Array): string {
  return toAscii(bytes.subarray(2, 2 + (bytes[1] ?? 0)));
}

/**
 * Reads messages of descriptor.proto. `fromBinary` of protobuf-es takes ten times as long for the first messages, because it reads
 * its own descriptors before (`npm run bench -- --only first-call`).
 */
class DescriptorReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads the message that ends at `end`. */
  read(typeName: string, end: number = this.#bytes.length): DescriptorMessage {
    const { fields, lists, defaults } = getType(typeName);
    const message = Object.create(defaults) as DescriptorMessage;
    Object.assign(message, { $typeName: `google.protobuf.${typeName}` });
    for (const name of lists) {
      message[name] = [];
    }
    while (this.#at < end) {
      const tag = this.#readVarint();
      const field = fields.get(tag >>> 3);
      if (field === undefined) {
        this.#keepUnknown(message, tag >>> 3, tag & 7);
      } else if (field.isList) {
        (message[field.name] as unknown[]).push(this.#readValue(field.type));
      } else {
        message[field.name] = this.#readValue(field.type);
      }
    }
    return message;
  }

  #readValue(type: string): unknown {
    if (type === "i" || type === "b") {
      const value = this.#readVarint();
      return type === "i" ? value : value !== 0;
    }
    const length = this.#readVarint();
    const end = this.#at + length;
    if (type !== "s" && type !== "x") {
      return this.read(type, end);
    }
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return type === "s" ? toAscii(bytes) : bytes;
  }

  /** Reads a 32-bit number. Further bytes of a negative number repeat its sign, and are skipped. */
  #readVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++] as number;
      if (shift < 32) {
        value |= (byte & 127) << shift;
      }
      if (byte < 128) {
        return value;
      }
    }
  }

  #keepUnknown(message: DescriptorMessage, no: number, wireType: number): void {
    const start = this.#at;
    const length = this.#readVarint();
    if (wireType === 2) {
      this.#at += length;
    } else if (wireType !== 0) {
      throw new Error(`a descriptor has a field of wire type ${wireType}`);
    }
    (message.$unknown ??= []).push({ no, wireType, data: this.#bytes.slice(start, this.#at) });
  }
}

/** Decodes the bytes of a name, which is ASCII. */
function toAscii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function getType(typeName: string): MessageType {
  const type = parsedTypes.get(typeName) ?? parseType(typeName);
  parsedTypes.set(typeName, type);
  return type;
}

function parseType(typeName: string): MessageType {
  const fields = new Map<number, Field>();
  const defaults: Record<string, unknown> = {};
  for (const text of (fieldsByType[typeName] ?? "").split(",").filter(Boolean)) {
    const [name = "", number, marked = ""] = text.split(" ");
    const type = marked.replace("*", "");
    fields.set(Number(number), { name, type, isList: marked !== type });
    if (marked === type && type in defaultValues) {
      defaults[name] = defaultValues[type];
    }
  }
  const lists = [...fields.values()].filter(({ isList }) => isList).map(({ name }) => name);
  return { fields, lists, defaults };
}
