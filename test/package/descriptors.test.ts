import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create, type DescFile, fromBinary, isMessage, toBinary, toJson } from "@bufbuild/protobuf";
import { fileDesc } from "@bufbuild/protobuf/codegenv2";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { WireType } from "@bufbuild/protobuf/wire";
import {
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  MethodOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { file_google_protobuf_duration } from "../../gen/google/protobuf/duration_pb.js";
import { file_google_protobuf_struct } from "../../gen/google/protobuf/struct_pb.js";
import { file_google_protobuf_timestamp } from "../../gen/google/protobuf/timestamp_pb.js";
import { file_grpc_health_v1_health } from "../../gen/grpc/health/v1/health_pb.js";
import { file_grpc_reflection_v1_reflection } from "../../gen/grpc/reflection/v1/reflection_pb.js";
import { file_zitadel_admin_operators } from "../../gen/zitadel/admin_operators_pb.js";
import { file_zitadel_admin } from "../../gen/zitadel/admin_pb.js";
import { file_zitadel_error_v2_error } from "../../gen/zitadel/error/v2/error_pb.js";
import { file_zitadel_idp } from "../../gen/zitadel/idp_pb.js";
import { file_zitadel_management } from "../../gen/zitadel/management_pb.js";
import { file_zitadel_message } from "../../gen/zitadel/message_pb.js";
import { file_zitadel_object } from "../../gen/zitadel/object_pb.js";
import { file_zitadel_options } from "../../gen/zitadel/options_pb.js";
import { file_zitadel_auth } from "../../gen/zitadel/auth_pb.js";
import { file_zitadel_change } from "../../gen/zitadel/change_pb.js";
import { file_zitadel_event } from "../../gen/zitadel/event_pb.js";
import { file_zitadel_instance } from "../../gen/zitadel/instance_pb.js";
import { file_zitadel_management_operators } from "../../gen/zitadel/management_operators_pb.js";
import { file_zitadel_message_operators } from "../../gen/zitadel/message_operators_pb.js";
import { file_zitadel_org } from "../../gen/zitadel/org_pb.js";
import { file_zitadel_user } from "../../gen/zitadel/user_pb.js";
import { file_zitadel_policy } from "../../gen/zitadel/policy_pb.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const toolsPath = join(root, "node_modules", ".bin");

/** The first plugins of buf.gen.yaml and buf.gen.operators.yaml, but with protoc-gen-es itself. */
const plainTemplate = {
  version: "v2",
  plugins: [
    {
      local: "protoc-gen-es",
      strategy: "all",
      out: "clients",
      include_imports: true,
      include_wkt: true,
      opt: ["target=ts"],
      exclude_types: ["validate", "zitadel.v1.auth_option", "google.api"],
    },
    {
      local: "protoc-gen-es",
      strategy: "all",
      out: "operators",
      opt: ["target=ts"],
      exclude_types: ["validate", "zitadel.v1.auth_option"],
    },
  ],
};

const files = {
  clients: [
    file_google_protobuf_duration,
    file_google_protobuf_struct,
    file_google_protobuf_timestamp,
    file_zitadel_admin,
    file_zitadel_error_v2_error,
    file_zitadel_idp,
    file_zitadel_management,
    file_zitadel_message,
    file_zitadel_object,
    file_zitadel_options,
    file_zitadel_policy,
  ],
  operators: [
    file_grpc_health_v1_health,
    file_grpc_reflection_v1_reflection,
    file_zitadel_admin_operators,
    file_zitadel_auth,
    file_zitadel_change,
    file_zitadel_event,
    file_zitadel_instance,
    file_zitadel_management_operators,
    file_zitadel_message_operators,
    file_zitadel_org,
    file_zitadel_user,
  ],
};

describe("a descriptor in generated code", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "zitadel-idp-descriptors-"));
    await promisify(execFile)(
      join(toolsPath, "buf"),
      ["generate", "--template", JSON.stringify(plainTemplate), "--output", folder],
      {
        cwd: root,
        env: { ...process.env, PATH: `${toolsPath}${delimiter}${process.env["PATH"]}` },
      },
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe.each(Object.entries(files))("for %s", (kind, ofKind) => {
    test.each(ofKind)(
      "is the one that protobuf-es reads from protoc-gen-es: $name",
      async (file) => {
        const code = await readFile(join(folder, kind, `${file.name}_pb.ts`), "utf8");
        const [, base64 = ""] = /\bfileDesc\("([\w+/]+)"/.exec(code) ?? [];
        const expected = allOf(fileDesc(base64, file.dependencies));
        expect(allOf(file)).toEqual(mapStrings(expected, toServiceName));
      },
    );
  });

  const own = files.clients.filter(({ name }) => name.startsWith("zitadel/"));
  test.each(own)("contains no options of other packages: $name", ({ proto }) => {
    expect(optionsOfOthers(proto)).toEqual([]);
    expect(proto.dependency).not.toContain("validate/validate.proto");
  });
});

/** Returns a descriptor in binary, and all properties of its types, fields, values and methods. */
function allOf(file: DescFile): object {
  return {
    // Sorted by number, so that it does not matter which options are known.
    proto: toJson(
      FileDescriptorProtoSchema,
      fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, file.proto)),
    ),
    ...propertiesOf(file, fileProperties),
    types: [...nestedTypes(file)].map((type) => ({
      ...propertiesOf(type, typeProperties),
      values: type.kind === "enum" ? type.values.map((each) => propertiesOf(each, valueNames)) : [],
      methods:
        type.kind === "service" ? type.methods.map((each) => propertiesOf(each, methodNames)) : [],
      fields:
        type.kind === "message" ? type.fields.map((each) => propertiesOf(each, fieldNames)) : [],
    })),
  };
}

const fileProperties =
  "kind name edition deprecated dependencies messages enums services extensions".split(" ");
const typeProperties =
  "kind name typeName deprecated file parent proto field fields oneofs members nestedMessages nestedEnums nestedExtensions open value values sharedPrefix method methods".split(
    " ",
  );
const valueNames = "kind name localName number jsonName deprecated parent".split(" ");
const methodNames =
  "kind name localName methodKind input output idempotency deprecated parent".split(" ");
const fieldNames =
  "kind name number localName jsonName fieldKind scalar message enum listKind mapKind mapKey packed delimitedEncoding longAsString presence oneof parent deprecated utf8Validation getDefaultValue".split(
    " ",
  );

/** Reads the properties of a descriptor. Other descriptors among their values become text, because they refer to each other. */
function propertiesOf(desc: object, names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, toPlain(desc, Reflect.get(desc, name))]));
}

function toPlain(desc: object, value: unknown): unknown {
  if (typeof value === "function") {
    return [Reflect.apply(value, desc, [])];
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => toPlain(desc, each));
  }
  if ("kind" in value) {
    return String(value);
  }
  return "$typeName" in value
    ? value.$typeName
    : Object.entries(value).map(([key, each]) => [key, String(each)]);
}

/** Gives a service of RPCs for operators the name that ZITADEL's service has, as the plugin does. */
function toServiceName(text: string): string {
  return text.replace(/OperatorsService\b/, "Service");
}

/** Replaces each text in a value. */
function mapStrings(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") {
    return replace(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => mapStrings(each, replace));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, mapStrings(each, replace)]),
      )
    : value;
}

test("options of other packages are found in a descriptor", () => {
  const field = create(FieldOptionsSchema);
  field.$unknown = [{ no: 1071, wireType: WireType.LengthDelimited, data: new Uint8Array([0]) }];
  const method = create(MethodOptionsSchema);
  method.$unknown = [{ no: 50000, wireType: WireType.LengthDelimited, data: new Uint8Array([0]) }];
  const file = create(FileDescriptorProtoSchema, {
    name: "test.proto",
    messageType: [
      { name: "M", nestedType: [{ name: "N", field: [{ name: "f", options: field }] }] },
    ],
    service: [{ name: "S", method: [{ name: "m", options: method }] }],
  });
  expect(optionsOfOthers(file)).toEqual([1071, 50000]);
});

/** Returns the numbers of all options in `value` that are not protobuf's own, each once. */
function optionsOfOthers(value: unknown): number[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
    return [];
  }
  const own = isMessage(value) ? (value.$unknown ?? []).map(({ no }) => no) : [];
  const inner = Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    key === "$unknown" ? [] : optionsOfOthers(each),
  );
  return [...new Set([...own, ...inner])];
}
