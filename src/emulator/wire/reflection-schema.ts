import { create, type DescFile } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { file_zitadel_admin_operators } from "../../../gen/zitadel/admin_operators_pb.js";
import { file_zitadel_admin } from "../../../gen/zitadel/admin_pb.js";
import { file_zitadel_auth } from "../../../gen/zitadel/auth_pb.js";
import { file_zitadel_management_operators } from "../../../gen/zitadel/management_operators_pb.js";
import { file_zitadel_management } from "../../../gen/zitadel/management_pb.js";
import { file_zitadel_message } from "../../../gen/zitadel/message_pb.js";
import { healthService } from "./health-check.js";

/** The files that clients can query, by name and by the full names that they define. */
export interface ReflectionSchema {
  readonly services: readonly string[];
  readonly byName: ReadonlyMap<string, FileDescriptorProto>;
  readonly bySymbol: ReadonlyMap<string, FileDescriptorProto>;
}

let reflectionSchema: ReflectionSchema | undefined;

/** Returns the schema that clients can query. Built on the first call. */
export function loadReflectionSchema(): ReflectionSchema {
  reflectionSchema ??= buildSchema();
  return reflectionSchema;
}

function buildSchema(): ReflectionSchema {
  const byName = mergeParts(
    listFiles([
      file_zitadel_management,
      file_zitadel_management_operators,
      file_zitadel_admin,
      file_zitadel_admin_operators,
      file_zitadel_auth,
      file_zitadel_message,
    ]),
  );
  const health = describeHealthService();
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

/** Lists files and all files on which they depend, each once. */
function listFiles(roots: readonly DescFile[]): FileDescriptorProto[] {
  const found = new Map<string, FileDescriptorProto>();
  const add = ({ proto, dependencies }: DescFile): void => {
    if (!found.has(proto.name)) {
      found.set(proto.name, proto);
      dependencies.forEach(add);
    }
  };
  roots.forEach(add);
  return [...found.values()];
}

/**
 * Merges the files that each hold a part of one file of the server: `zitadel/admin_operators.proto` becomes a part of
 * `zitadel/admin.proto`. Returns the merged files by name.
 */
function mergeParts(files: readonly FileDescriptorProto[]): Map<string, FileDescriptorProto> {
  const byName = new Map<string, FileDescriptorProto>();
  for (const file of files) {
    const name = serverFileName(file.name);
    const merged =
      byName.get(name) ?? create(FileDescriptorProtoSchema, { ...file, name, service: [] });
    if (byName.has(name)) {
      merged.messageType = [...merged.messageType, ...file.messageType];
      merged.enumType = [...merged.enumType, ...file.enumType];
    }
    const dependencies = [...merged.dependency, ...file.dependency].map(serverFileName);
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

function serverFileName(name: string): string {
  return name.replace("_operators.proto", ".proto");
}

/** Returns a file and all files on which it depends. */
export function listDependencies(
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
function describeHealthService(): FileDescriptorProto {
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
