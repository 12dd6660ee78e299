import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** The files that clients can query. */
export interface ReflectionSchema {
  readonly services: readonly string[];
  readonly byName: ReadonlyMap<string, FileDescriptorProto>;
  /** The files by the full names that they define. */
  readonly bySymbol: ReadonlyMap<string, FileDescriptorProto>;
  /** The files that define extensions, by the extended message and the number. */
  readonly extensions: ReadonlyMap<string, ReadonlyMap<number, FileDescriptorProto>>;
}

/** The imported files that the generated set leaves out, because protobuf-es has them. */
const wellKnownFiles = [
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
];

let reflectionSchema: Promise<ReflectionSchema> | undefined;

/** Returns the schema that clients can query. Built on the first call. */
export function loadReflectionSchema(): Promise<ReflectionSchema> {
  reflectionSchema ??= buildSchema();
  return reflectionSchema;
}

async function buildSchema(): Promise<ReflectionSchema> {
  // Load the schema with the first request for it: it is one text of all descriptors.
  const { fileDescriptorSet } = await import("../../../gen/reflection.js");
  const bytes = Uint8Array.from(fileDescriptorSet, (character) => character.charCodeAt(0));
  const { file: files } = fromBinary(FileDescriptorSetSchema, bytes);
  const byName = mergeParts([...wellKnownFiles.map(({ proto }) => proto), ...files]);
  const bySymbol = new Map<string, FileDescriptorProto>();
  const extensions = new Map<string, Map<number, FileDescriptorProto>>();
  for (const file of byName.values()) {
    listSymbols(file).forEach((symbol) => bySymbol.set(symbol, file));
    for (const { extendee, number } of listExtensions(file)) {
      const extended = extendee.slice(1);
      const byNumber = extensions.get(extended) ?? new Map<number, FileDescriptorProto>();
      extensions.set(extended, byNumber.set(number, file));
    }
  }
  const services = [...byName.values()].flatMap((file) =>
    file.service.map(({ name }) => `${file.package}.${name}`),
  );
  return { services: services.toSorted(), byName, bySymbol, extensions };
}

/**
 * Merges the files that each hold a part of one file of the server: `zitadel/admin_operators.proto` becomes a part of
 * `zitadel/admin.proto`. Returns the merged files by name.
 */
function mergeParts(files: readonly FileDescriptorProto[]): Map<string, FileDescriptorProto> {
  const byName = new Map<string, FileDescriptorProto>();
  for (const file of files) {
    const name = toServerFileName(file.name);
    const merged =
      byName.get(name) ?? create(FileDescriptorProtoSchema, { ...file, name, service: [] });
    if (byName.has(name)) {
      merged.messageType = [...merged.messageType, ...file.messageType];
      merged.enumType = [...merged.enumType, ...file.enumType];
    }
    const dependencies = [...merged.dependency, ...file.dependency].map(toServerFileName);
    merged.dependency = [...new Set(dependencies)].filter((each) => each !== name);
    file.service.forEach((service) => mergeService(merged, service));
    byName.set(name, merged);
  }
  return byName;
}

function mergeService(file: FileDescriptorProto, part: ServiceDescriptorProto): void {
  const service = file.service.find(({ name }) => name === part.name);
  if (service === undefined) {
    file.service.push({ ...part, method: [...part.method] });
  } else {
    service.method.push(...part.method);
  }
}

function toServerFileName(name: string): string {
  return name.replace("_operators.proto", ".proto");
}

/** Lists the full names that a file defines. */
function listSymbols(file: FileDescriptorProto): string[] {
  const prefix = file.package === "" ? "" : `${file.package}.`;
  const services = file.service.flatMap(({ name, method }) => [
    name,
    ...method.map((each) => `${name}.${each.name}`),
  ]);
  return [
    ...services,
    ...file.messageType.flatMap(listMessageSymbols),
    ...file.enumType.flatMap(listEnumSymbols),
    ...file.extension.map(({ name }) => name),
  ].map((name) => prefix + name);
}

function listMessageSymbols(message: DescriptorProto): string[] {
  const { name, field, oneofDecl, nestedType, enumType, extension } = message;
  const members = [
    ...[...field, ...oneofDecl, ...extension].map((each) => each.name),
    ...nestedType.flatMap(listMessageSymbols),
    ...enumType.flatMap(listEnumSymbols),
  ];
  return [name, ...members.map((member) => `${name}.${member}`)];
}

/** Lists an enum and its values, whose names belong to the scope of the enum. */
function listEnumSymbols({ name, value }: EnumDescriptorProto): string[] {
  return [name, ...value.map((each) => each.name)];
}

function listExtensions(file: FileDescriptorProto): FieldDescriptorProto[] {
  return [...file.extension, ...file.messageType.flatMap(({ extension }) => extension)];
}

/** Returns a file and all files on which it depends, the nearest ones first. */
export function listDependencies(
  file: FileDescriptorProto,
  byName: ReadonlyMap<string, FileDescriptorProto>,
): FileDescriptorProto[] {
  // A set visits the elements that are added during the visit, and each of them once.
  const found = new Set([file]);
  for (const { dependency } of found) {
    for (const name of dependency) {
      const imported = byName.get(name);
      if (imported !== undefined) {
        found.add(imported);
      }
    }
  }
  return [...found];
}
