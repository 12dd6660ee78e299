import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  createFileRegistry,
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
  type JsonValue,
  type Message,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FeatureSet_FieldPresence, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, test } from "vitest";
import { httpBindings } from "../../gen/http-bindings.js";
import { fieldRules, permissions, requiredOneofs } from "../../gen/rules.js";
import { file_zitadel_admin } from "../../gen/zitadel/admin_pb.js";
import { file_zitadel_error_v2_error } from "../../gen/zitadel/error/v2/error_pb.js";
import { file_zitadel_idp } from "../../gen/zitadel/idp_pb.js";
import { file_zitadel_management } from "../../gen/zitadel/management_pb.js";
import { file_zitadel_message } from "../../gen/zitadel/message_pb.js";
import { file_zitadel_object } from "../../gen/zitadel/object_pb.js";
import { file_zitadel_options } from "../../gen/zitadel/options_pb.js";
import { file_zitadel_policy } from "../../gen/zitadel/policy_pb.js";

/** The wire surface of ZITADEL's IDP APIs, written down apart from the protos. */
interface Surface {
  rpcs: {
    service: string;
    method: string;
    request: string;
    response: string;
    http: { verb: string; path: string; body?: string };
    permission: string;
    deprecated?: boolean;
  }[];
  error_details: string[];
  messages: Record<
    string,
    {
      file: string;
      required_oneofs?: string[];
      fields: {
        name: string;
        number: number;
        type: string;
        repeated?: boolean;
        optional?: boolean;
        oneof?: string;
        rules?: JsonValue;
      }[];
    }
  >;
  enums: Record<string, { file: string; values: Record<string, number> }>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const surface = JSON.parse(
  readFileSync(new URL("surface.json", import.meta.url), "utf8"),
) as Surface;

// Secrets go in and never come out: whatever prints a message must leave them out.
const secrets = ["client_secret", "bind_password", "private_key"];

/** The files and folders with RPCs of other parts of the API, which buf.gen.operators.yaml lists. */
const operatorPaths = Array.from(
  readFileSync(new URL("../../buf.gen.operators.yaml", import.meta.url), "utf8").matchAll(
    /- proto\/(zitadel\/\S+)/g,
  ),
  ([, path = ""]) => path,
);

function isForOperators({ name }: DescFile): boolean {
  const path = `${name}.proto`;
  return operatorPaths.some((each) => path === each || path.startsWith(`${each}/`));
}

// In the protos, but not part of any request or response.
const beyondTheSurface = { messages: ["zitadel.v1.AuthOption"], files: ["zitadel/options.proto"] };

const generated = [
  file_zitadel_admin,
  file_zitadel_error_v2_error,
  file_zitadel_idp,
  file_zitadel_management,
  file_zitadel_message,
  file_zitadel_object,
  file_zitadel_options,
  file_zitadel_policy,
];

/** Everything that one side defines, by kind. */
interface Definitions {
  messages: DescMessage[];
  enums: DescEnum[];
  services: DescService[];
}

function definitions(files: readonly DescFile[]): Definitions {
  const types = files.flatMap((file) => [...nestedTypes(file)]);
  return {
    messages: types.filter((type) => type.kind === "message"),
    enums: types.filter((type) => type.kind === "enum"),
    services: types.filter((type) => type.kind === "service"),
  };
}

interface FieldFacts {
  message: string;
  name: string;
  number: number;
  type: string;
  jsonName: string;
  repeated: boolean;
  optional: boolean;
  oneof: string | undefined;
  redacted: boolean;
}

// Facts are compared as lines of text: a difference then shows as the line that differs, with the names of message and field.
function fieldLine(facts: FieldFacts): string {
  const label = facts.repeated ? "repeated " : facts.optional ? "optional " : "";
  const oneof = facts.oneof ? `, in oneof ${facts.oneof}` : "";
  const redacted = facts.redacted ? ", redacted" : "";
  return `${facts.message}.${facts.name}: ${label}${facts.type} = ${facts.number}, "${facts.jsonName}" in JSON${oneof}${redacted}`;
}

function typeOf(field: DescField): string {
  return (
    field.message?.typeName ??
    field.enum?.typeName ??
    ScalarType[field.scalar ?? 0]?.toLowerCase() ??
    "unknown"
  );
}

function fieldLines(messages: readonly DescMessage[]): string[] {
  return messages.flatMap((message) =>
    message.fields.map((field) =>
      fieldLine({
        message: message.typeName,
        name: field.name,
        number: field.number,
        type: typeOf(field),
        jsonName: field.jsonName,
        repeated: field.fieldKind === "list",
        optional: field.proto.proto3Optional,
        oneof: field.oneof?.name,
        redacted: field.proto.options?.debugRedact ?? false,
      }),
    ),
  );
}

// The JSON name that the protobuf specification derives from a field's name.
function lowerCamelCase(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}

const surfaceFieldLines = Object.entries(surface.messages).flatMap(([message, { fields }]) =>
  fields.map((field) =>
    fieldLine({
      message,
      name: field.name,
      number: field.number,
      type: field.type,
      jsonName: lowerCamelCase(field.name),
      repeated: field.repeated ?? false,
      optional: field.optional ?? false,
      oneof: field.oneof,
      redacted: secrets.includes(field.name),
    }),
  ),
);

function enumLines(enums: readonly DescEnum[]): string[] {
  return enums.flatMap((desc) =>
    desc.values.map((value) => `${desc.typeName}.${value.name} = ${value.number}`),
  );
}

const surfaceEnumLines = Object.entries(surface.enums).flatMap(([name, { values }]) =>
  Object.entries(values).map(([value, number]) => `${name}.${value} = ${number}`),
);

function ruleLine(subject: string, rules: JsonValue): string {
  return `${subject}: ${JSON.stringify(sorted(rules))}`;
}

function sorted(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.keys(json)
      .toSorted()
      .map((key) => [key, sorted(json[key] as JsonValue)]),
  );
}

function ruleJson(method: DescMethod): JsonValue {
  const [verb = "", path = "", body = ""] =
    httpBindings[`${method.parent.typeName}/${method.name}`] ?? [];
  return { [verb.toLowerCase()]: path, ...(body !== "" && { body }) };
}

interface RpcFacts {
  rpc: string;
  request: string;
  response: string;
  http: JsonValue;
  deprecated: boolean;
}

function rpcLine(facts: RpcFacts): string {
  const deprecated = facts.deprecated ? ", deprecated" : "";
  return `${facts.rpc}: ${facts.request} -> ${facts.response}, ${JSON.stringify(sorted(facts.http))}${deprecated}`;
}

function rpcLines(
  services: readonly DescService[],
  http: (method: DescMethod) => JsonValue,
): string[] {
  return services.flatMap((service) =>
    service.methods.map((method) =>
      rpcLine({
        rpc: `${service.typeName}/${method.name} (${method.methodKind})`,
        request: method.input.typeName,
        response: method.output.typeName,
        http: http(method),
        deprecated: method.deprecated,
      }),
    ),
  );
}

const surfaceRpcLines = surface.rpcs.map((rpc) =>
  rpcLine({
    rpc: `${rpc.service}/${rpc.method} (unary)`,
    request: rpc.request,
    response: rpc.response,
    http: {
      [rpc.http.verb.toLowerCase()]: rpc.http.path,
      ...(rpc.http.body === undefined ? {} : { body: rpc.http.body }),
    },
    deprecated: rpc.deprecated ?? false,
  }),
);

let registry: FileRegistry;
let image: Definitions;

beforeAll(() => {
  const bytes = execFileSync(`${root}node_modules/.bin/buf`, ["build", "-o", "-#format=binpb"], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
  // operator-surface.test.ts tests the files of the RPCs for operators.
  const files = [...registry.files].filter(
    (file) => file.name.startsWith("zitadel/") && !isForOperators(file),
  );
  image = definitions(files);
});

function extension(typeName: string): DescExtension {
  const found = registry.getExtension(typeName);
  if (!found) throw new Error(`the image does not define ${typeName}`);
  return found;
}

/** The value of an option of the image as JSON; undefined where it is not set. */
function option(
  desc: DescField | DescMethod | DescMessage["oneofs"][number],
  typeName: string,
): JsonValue | undefined {
  const ext = extension(typeName);
  if (!hasOption(desc, ext)) return undefined;
  const value: unknown = getOption(desc, ext);
  return ext.message ? toJson(ext.message, value as Message) : (value as JsonValue);
}

describe("the protos", () => {
  test("define the files and packages of the surface, and its options", () => {
    const expected = new Map<string, string>();
    for (const [name, { file }] of [
      ...Object.entries(surface.messages),
      ...Object.entries(surface.enums),
    ]) {
      expected.set(file, name.slice(0, name.search(/\.[A-Z]/)));
    }
    for (const name of beyondTheSurface.files) expected.set(name, "zitadel.v1");
    const actual = [...registry.files]
      .filter(({ name }) => name.startsWith("zitadel/"))
      .filter((file) => !isForOperators(file))
      .map((file) => [`${file.name}.proto`, file.proto.package]);
    expect(new Map(actual as [string, string][])).toEqual(expected);
  });

  test("define the 232 messages of the surface, each in its file, and only one more", () => {
    const expected = Object.entries(surface.messages).map(
      ([name, { file }]) => `${name} in ${file}`,
    );
    expect(expected.length).toBe(232);
    const more = beyondTheSurface.messages.map((name) => `${name} in ${beyondTheSurface.files[0]}`);
    const actual = image.messages.map(({ typeName, file }) => `${typeName} in ${file.name}.proto`);
    expect(actual.toSorted()).toEqual([...expected, ...more].toSorted());
  });

  test("define every field with its number, type, label, oneof, JSON name and secrecy, in the surface's order", () => {
    const messages = image.messages.filter(
      ({ typeName }) => !beyondTheSurface.messages.includes(typeName),
    );
    // A stable sort by message keeps the order of the fields inside each.
    expect(byMessage(fieldLines(messages))).toEqual(byMessage(surfaceFieldLines));
  });

  test("give explicit presence to no field but the optional ones, oneof members and messages", () => {
    const unexpected = image.messages
      .flatMap(({ fields }) => fields)
      .filter((field) => field.presence === FeatureSet_FieldPresence.EXPLICIT)
      .filter((field) => !field.proto.proto3Optional && !field.oneof && !field.message)
      .map((field) => `${field.parent.typeName}.${field.name}`);
    expect(unexpected).toEqual([]);
  });

  test("define the 16 enums of the surface with all their values", () => {
    expect(Object.keys(surface.enums).length).toBe(16);
    expect(enumLines(image.enums).toSorted()).toEqual(surfaceEnumLines.toSorted());
    expect(
      image.enums.map((desc) => `${desc.typeName} in ${desc.file.name}.proto`).toSorted(),
    ).toEqual(
      Object.entries(surface.enums)
        .map(([name, { file }]) => `${name} in ${file}`)
        .toSorted(),
    );
  });

  test("define the 97 RPCs with their types, HTTP rules and deprecations", () => {
    expect(surface.rpcs.length).toBe(97);
    const actual = rpcLines(image.services, (method) => option(method, "google.api.http") ?? null);
    expect(actual.toSorted()).toEqual(surfaceRpcLines.toSorted());
  });

  test("state the permission of every RPC", () => {
    const actual = image.services.flatMap((service) =>
      service.methods.map((method) =>
        ruleLine(
          `${service.typeName}/${method.name}`,
          option(method, "zitadel.v1.auth_option") ?? null,
        ),
      ),
    );
    const expected = surface.rpcs.map(({ service, method, permission }) =>
      ruleLine(`${service}/${method}`, { permission }),
    );
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  test("state the rules of every field", () => {
    const actual = image.messages.flatMap((message) =>
      message.fields.map((field) =>
        ruleLine(`${message.typeName}.${field.name}`, option(field, "validate.rules") ?? "none"),
      ),
    );
    const expected = Object.entries(surface.messages).flatMap(([name, { fields }]) =>
      fields.map((field) => ruleLine(`${name}.${field.name}`, field.rules ?? "none")),
    );
    const beyond = actual.filter((line) =>
      beyondTheSurface.messages.some((name) => line.startsWith(name)),
    );
    expect(beyond.every((line) => line.endsWith('"none"'))).toBe(true);
    expect(actual.filter((line) => !beyond.includes(line)).toSorted()).toEqual(expected.toSorted());
  });

  test("require the oneofs of the surface and no others", () => {
    const actual = image.messages.flatMap((message) =>
      message.oneofs
        .filter((oneof) => option(oneof, "validate.required") === true)
        .map((oneof) => `${message.typeName}.${oneof.name}`),
    );
    const expected = Object.entries(surface.messages).flatMap(([name, { required_oneofs = [] }]) =>
      required_oneofs.map((oneof) => `${name}.${oneof}`),
    );
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  test("define the error details", () => {
    for (const name of surface.error_details) {
      expect(registry.getMessage(name)?.typeName).toBe(name);
    }
  });

  test("redact every field that holds a secret and no other, in all messages", () => {
    const fields = image.messages.flatMap((message) => message.fields);
    const redacted = fields.filter((field) => field.proto.options?.debugRedact);
    expect(redacted.map(({ name }) => name).every((name) => secrets.includes(name))).toBe(true);
    expect(redacted.length).toBe(fields.filter(({ name }) => secrets.includes(name)).length);
    expect(redacted.length).toBeGreaterThan(0);
  });
});

describe("the generated code", () => {
  const code = definitions(generated);

  test("has the messages, fields and enums of the protos", () => {
    expect(fieldLines(code.messages).toSorted()).toEqual(fieldLines(image.messages).toSorted());
    expect(code.messages.map(({ typeName }) => typeName).toSorted()).toEqual(
      image.messages.map(({ typeName }) => typeName).toSorted(),
    );
    expect(enumLines(code.enums).toSorted()).toEqual(enumLines(image.enums).toSorted());
  });

  test("carries the HTTP rule and the deprecation of every RPC", () => {
    const actual = rpcLines(code.services, (method) => ruleJson(method));
    expect(actual.toSorted()).toEqual(surfaceRpcLines.toSorted());
  });

  test("carries no validation rule and no permission", () => {
    const rules = extension("validate.rules").number;
    const required = extension("validate.required").number;
    const authOption = extension("zitadel.v1.auth_option").number;
    const found: string[] = [];
    const check = (
      subject: string,
      unknown: readonly { no: number }[] | undefined,
      number: number,
    ): void => {
      if (unknown?.some(({ no }) => no === number)) found.push(subject);
    };
    for (const message of code.messages) {
      for (const field of message.fields) {
        check(`${message.typeName}.${field.name}`, field.proto.options?.$unknown, rules);
      }
      for (const oneof of message.oneofs) {
        check(`${message.typeName}.${oneof.name}`, oneof.proto.options?.$unknown, required);
      }
    }
    for (const { typeName, methods } of code.services) {
      for (const method of methods) {
        check(`${typeName}/${method.name}`, method.proto.options?.$unknown, authOption);
      }
    }
    expect(found).toEqual([]);
    expect(generated.flatMap((file) => file.dependencies.map(({ name }) => name))).not.toContain(
      "validate/validate",
    );
  });
});

describe("gen/rules.ts", () => {
  test("has exactly the rules of the surface", () => {
    const expected: Record<string, Record<string, JsonValue>> = {};
    for (const [name, { fields }] of Object.entries(surface.messages)) {
      for (const field of fields) {
        if (field.rules) (expected[name] ??= {})[field.name] = withNumbers(field.rules);
      }
    }
    expect(fieldRules).toEqual(expected);
  });

  test("has the required oneofs of the surface", () => {
    const expected: Record<string, string[]> = {};
    for (const [name, { required_oneofs }] of Object.entries(surface.messages)) {
      if (required_oneofs) expected[name] = required_oneofs;
    }
    expect(requiredOneofs).toEqual(expected);
  });

  test("has the permission of every RPC", () => {
    expect(permissions).toEqual(
      Object.fromEntries(
        surface.rpcs.map(({ service, method, permission }) => [`${service}/${method}`, permission]),
      ),
    );
  });

  test("lists messages and RPCs in an order that does not depend on the order of the files", () => {
    for (const names of [Object.keys(fieldRules), Object.keys(requiredOneofs)]) {
      expect(names).toEqual(names.toSorted());
    }
  });
});

// The surface writes 64-bit lengths as ProtoJSON does, as strings.
function withNumbers(json: JsonValue): JsonValue {
  if (typeof json === "string") return Number(json);
  if (Array.isArray(json)) return json.map(withNumbers);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withNumbers(value)]));
}

function byMessage(lines: readonly string[]): string[] {
  return lines.toSorted((a, b) =>
    messageOf(a) < messageOf(b) ? -1 : messageOf(a) > messageOf(b) ? 1 : 0,
  );
}

function messageOf(line: string): string {
  return line.slice(0, line.indexOf(":")).replace(/\.[^.]+$/, "");
}
