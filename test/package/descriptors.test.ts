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
import { file_zitadel_admin } from "../../gen/zitadel/admin_pb.js";
import { file_zitadel_error_v2_error } from "../../gen/zitadel/error/v2/error_pb.js";
import { file_zitadel_idp } from "../../gen/zitadel/idp_pb.js";
import { file_zitadel_management } from "../../gen/zitadel/management_pb.js";
import { file_zitadel_message } from "../../gen/zitadel/message_pb.js";
import { file_zitadel_object } from "../../gen/zitadel/object_pb.js";
import { file_zitadel_options } from "../../gen/zitadel/options_pb.js";
import { file_zitadel_policy } from "../../gen/zitadel/policy_pb.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const toolsPath = join(root, "node_modules", ".bin");

/** The first plugin of buf.gen.yaml, but with protoc-gen-es itself. */
const plainTemplate = {
  version: "v2",
  plugins: [
    {
      local: "protoc-gen-es",
      strategy: "all",
      out: ".",
      include_imports: true,
      include_wkt: true,
      opt: ["target=ts"],
      exclude_types: ["validate", "zitadel.v1.auth_option", "google.api"],
    },
  ],
};

const files = [
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
];

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

  test.each(files)("is the one that protobuf-es reads from protoc-gen-es: $name", async (file) => {
    const code = await readFile(join(folder, `${file.name}_pb.ts`), "utf8");
    const [, base64 = ""] = /\bfileDesc\("([\w+/]+)"/.exec(code) ?? [];
    expect(allOf(file)).toEqual(allOf(fileDesc(base64, file.dependencies)));
  });

  const own = files.filter(({ name }) => name.startsWith("zitadel/"));
  test.each(own)("holds no options of other packages: $name", ({ proto }) => {
    expect(optionsOfOthers(proto)).toEqual([]);
    expect(proto.dependency).not.toContain("validate/validate.proto");
  });
});

/** Returns a descriptor in binary, and its resolved messages, fields and methods. */
function allOf(file: DescFile): object {
  return {
    edition: file.edition,
    // Sorted by number, so that it does not matter which options are known.
    proto: toJson(
      FileDescriptorProtoSchema,
      fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, file.proto)),
    ),
    types: [...nestedTypes(file)].map((type) => [
      type.kind,
      type.typeName,
      type.kind === "enum" ? type.values.map(({ name, number }) => [name, number]) : [],
      type.kind === "service"
        ? type.methods.map((method) => [
            method.localName,
            method.methodKind,
            method.idempotency,
            method.deprecated,
            method.input.typeName,
            method.output.typeName,
          ])
        : [],
      type.kind === "message"
        ? type.fields.map((field) => [
            field.localName,
            field.jsonName,
            field.fieldKind,
            field.presence,
            field.oneof?.localName,
            field.scalar,
            field.message?.typeName,
            field.enum?.typeName,
            field.deprecated,
            field.proto.options?.debugRedact,
          ])
        : [],
    ]),
  };
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
