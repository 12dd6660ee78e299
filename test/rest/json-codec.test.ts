import { create, equals, fromJson, toJson } from "@bufbuild/protobuf";
import type {
  DescField,
  DescMessage,
  JsonObject,
  JsonValue,
  JsonWriteOptions,
  Message,
} from "@bufbuild/protobuf";
import { isFieldError, reflect } from "@bufbuild/protobuf/reflect";
import { describe, expect, test } from "vitest";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { compactCodec } from "../../src/rest/json/json-codec.js";
import { compactCodecSupports } from "../../src/rest/json/compact-codec-supports.js";
import type { MessageView } from "../../src/rest/json/message-view.js";
import { hasImplicitPresence } from "../../src/rest/has-implicit-presence.js";
import { buildRegistry, type Types } from "../support/descriptors.js";
import { createRandom, randomMessage } from "../support/random-message.js";

/** All messages of both services, including nested ones, and their error details. */
const messages = new Map<string, DescMessage>();
const methods = [...ManagementService.methods, ...AdminService.methods];
const collect = (desc: DescMessage): void => {
  if (!messages.has(desc.typeName)) {
    messages.set(desc.typeName, desc);
    desc.fields.forEach(({ message }) => message && collect(message));
  }
};
[
  ...methods.flatMap(({ input, output }) => [input, output]),
  ErrorDetailSchema,
  CredentialsCheckErrorSchema,
].forEach(collect);

/** Returns everything that a view shows of the fields that are set or have no presence. */
function fieldsOf(view: MessageView): unknown[] {
  const plain = (field: DescField, value: unknown): unknown =>
    field.message === undefined ? value : fieldsOf(value as MessageView);
  return view.fields
    .filter((field) => view.isSet(field) || hasImplicitPresence(field))
    .map((field) => {
      const value = view.get(field);
      return [
        field.name,
        view.isSet(field),
        field.fieldKind === "list"
          ? Array.from(value as Iterable<unknown>, (item) => plain(field, item))
          : plain(field, value),
      ];
    });
}

const writeOptions: Partial<JsonWriteOptions>[] = [
  {},
  { alwaysEmitImplicit: true },
  { enumAsInteger: true },
  { useProtoFieldName: true },
];

/** Returns the result of a function, or "refused" if it throws. */
function outcome<T>(run: () => T): { result: T } | "refused" {
  try {
    return { result: run() };
  } catch {
    return "refused";
  }
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) {
      return error;
    }
  }
  throw new Error("nothing was thrown");
}

/** Checks that both codecs decode a JSON value alike. */
function expectSameReading(desc: DescMessage, json: JsonValue): void {
  for (const ignoreUnknownFields of [true, false]) {
    const options = { ignoreUnknownFields };
    expect(outcome(() => compactCodec.fromJson(desc, json, options))).toStrictEqual(
      outcome(() => fromJson(desc, json, options)),
    );
  }
}

describe("our JSON codec behaves like that of protobuf-es", () => {
  test("fits every message of both services, and their error details", () => {
    expect(messages.size).toBe(233);
    expect(
      [...messages.values()].filter((desc) => !compactCodecSupports(desc)).map(String),
    ).toEqual([]);
  });

  test.each([...messages])("with random messages: %s", (typeName, desc) => {
    const random = createRandom([...typeName].reduce((sum, char) => sum + char.charCodeAt(0), 7));
    for (let round = 0; round < 8; round++) {
      const message = randomMessage(desc, random);
      for (const options of writeOptions) {
        const json = toJson(desc, message, options);
        // Compare texts, because the order of the fields counts.
        expect(JSON.stringify(compactCodec.toJson(desc, message, options))).toBe(
          JSON.stringify(json),
        );
        const read = compactCodec.fromJson(desc, json);
        expect(equals(desc, read, message)).toBe(true);
        expect(read).toStrictEqual(fromJson(desc, json));
      }
    }
  });

  test.each([...messages])("with the fields of random messages: %s", (typeName, desc) => {
    const random = createRandom(typeName.length);
    for (let round = 0; round < 8; round++) {
      const message = randomMessage(desc, random);
      expect(fieldsOf(compactCodec.reflect(desc, message))).toStrictEqual(
        fieldsOf(reflect(desc, message)),
      );
    }
  });

  test.each([...messages])("with damaged responses: %s", (_, desc) => {
    const random = createRandom(desc.typeName.length);
    for (let round = 0; round < 16; round++) {
      const json = toJson(desc, randomMessage(desc, random), { alwaysEmitImplicit: true });
      expectSameReading(desc, damaged(json));
    }

    function damaged(json: JsonValue): JsonValue {
      if (random.chance(0.1)) {
        return random.pick(odd);
      }
      if (Array.isArray(json)) {
        return json.map(damaged);
      }
      if (typeof json !== "object" || json === null) {
        return json;
      }
      return Object.fromEntries(
        Object.entries(json).map(([key, value]) => [
          random.chance(0.02) ? `${key}X` : key,
          damaged(value),
        ]),
      );
    }
  });
});

const types: Types = {
  text: "string",
  flag: "bool",
  data: "bytes",
  i32: "int32",
  s32: "sint32",
  sf32: "sfixed32",
  u32: "uint32",
  f32: "fixed32",
  i64: "int64",
  s64: "sint64",
  sf64: "sfixed64",
  u64: "uint64",
  f64: "fixed64",
  single: "float",
  double: "double",
  kind: { type: { enum: { KIND_NONE: 0, KIND_ONE: 1 } } },
  inner: {
    type: { message: { some_text: "string", deeper: { type: { message: { a: "int32" } } } } },
  },
  at: "google.protobuf.Timestamp",
  lasting: "google.protobuf.Duration",
  maybe_text: { type: "string", label: "optional" },
  maybe_i32: { type: "int32", label: "optional" },
  maybe_kind: { type: { enum: { MAYBE_NONE: 0, MAYBE_ONE: 1 } }, label: "optional" },
  one_text: { type: "string", oneof: "one" },
  one_i64: { type: "int64", oneof: "one" },
  one_kind: { type: { enum: { ONE_NONE: 0, ONE_ONE: 1 } }, oneof: "one" },
  one_inner: { type: { message: { b: "bool" } }, oneof: "one" },
  texts: { type: "string", label: "repeated" },
  numbers: { type: "int64", label: "repeated" },
  doubles: { type: "double", label: "repeated" },
  blobs: { type: "bytes", label: "repeated" },
  kinds: { type: { enum: { KINDS_NONE: 0, KINDS_ONE: 1 } }, label: "repeated" },
  inners: { type: { message: { c: "string" } }, label: "repeated" },
  times: { type: "google.protobuf.Timestamp", label: "repeated" },
  renamed: { type: "string", json_name: "other-name" },
};

/** JSON values that are valid for some type, or for none. */
// prettier-ignore: a line for each kind, not for each value
const odd: JsonValue[] = [
  null,
  true,
  false,
  {},
  [],
  [[]],
  [null],
  [""],
  [0],
  [{}],
  { a: null },
  { seconds: "1" },
  0,
  -0,
  1,
  -1,
  1.5,
  1e3,
  1e21,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e39,
  3.4028235e38,
  3.5e38,
  1.7976931348623157e308,
  5e-324,
  Infinity,
  -Infinity,
  NaN,
  "",
  " ",
  "0",
  "-0",
  "1",
  "+1",
  "01",
  "-1",
  "1.0",
  "1.5",
  "1e3",
  "1E3",
  "1e-3",
  "1e999",
  " 1",
  "1 ",
  "0x10",
  "0b1",
  "0o7",
  "1_000",
  "1n",
  "\t1",
  "\u00a01",
  "2147483648",
  "-2147483649",
  "4294967296",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "18446744073709551615",
  "18446744073709551616",
  "NaN",
  "nan",
  "Infinity",
  "-Infinity",
  "+Infinity",
  "true",
  "True",
  "null",
  "KIND_ONE",
  "kind_one",
  "KIND_TWO",
  "MAYBE_ONE",
  "ONE_ONE",
  "KINDS_ONE",
  "AQI=",
  "AQI",
  "AQ",
  "A",
  "A===",
  "+/+/",
  "-_-_",
  "+_-/",
  "AQ==AQ==",
  "A Q\nI=",
  "AQI!",
  "=",
  "é",
  "\ud800",
  "a\udc00b",
  "👩‍🚀",
  "\u0000",
  "2026-02-28T12:34:56Z",
  "2026-02-28T12:34:56.7Z",
  "2026-02-28T12:34:56.123456789Z",
  "2026-02-28T12:34:56.1234567890Z",
  "2026-02-28T12:34:56+02:00",
  "2026-02-28T12:34:56.5-11:30",
  "2026-02-28T12:34:56",
  "2026-02-28t12:34:56z",
  "2026-02-30T12:34:56Z",
  "2026-13-01T00:00:00Z",
  "2026-02-28T24:00:00Z",
  "2026-02-28T23:59:60Z",
  "2026-02-28T12:34:56+2:00",
  "2026-02-28",
  "0000-12-31T23:59:59Z",
  "0001-01-01T00:00:00Z",
  "0001-01-01T00:00:00+01:00",
  "9999-12-31T23:59:59.999999999Z",
  "9999-12-31T23:59:59-01:00",
  "10000-01-01T00:00:00Z",
  "2026-02-28T12:34:56.Z",
  " 2026-02-28T12:34:56Z",
  "2026-02-28T12:34:56Z ",
  "2026-02-28T12:34:56Z\n",
  "0s",
  "1s",
  "-1s",
  "-0s",
  "-0.0s",
  "-5.0s",
  "0.5s",
  "-0.5s",
  "1.000000001s",
  "-1.123456789s",
  "1.s",
  "1.1234567890s",
  ".5s",
  "1",
  "1S",
  "1sx",
  "+1s",
  "01s",
  "1.5",
  "1e3s",
  " 1s",
  "1.50s",
  "315576000000s",
  "315576000001s",
  "-315576000000.999999999s",
  "-315576000001s",
];

const request = buildRegistry({ rule: null, types }).getMessage("test.v1.Request") as DescMessage;

describe("a field decodes odd JSON as with protobuf-es", () => {
  test.each(request.fields.map((field) => [field.name, field] as const))("%s", (_, field) => {
    for (const json of odd) {
      expectSameReading(request, { [field.jsonName]: json });
      expectSameReading(request, { [field.name]: [json] });
      expectSameReading(request, { [field.name]: { someText: json, b: json, c: json } });
    }
  });

  test.each<[name: string, json: JsonValue]>([
    ["proto names", { maybe_text: "a", maybe_i32: 1, inner: { some_text: "b" } }],
    ["both names of a field", { maybe_text: "a", maybeText: "b" }],
    ["both names of a field with nulls", { maybe_text: null, maybeText: null }],
    ["a custom JSON name", { "other-name": "a" }],
    ["the proto name of a field with a custom JSON name", { renamed: "a" }],
    ["the default JSON name of a field with a custom one", { otherName: "a" }],
    ["two of a oneof", { oneText: "a", oneI64: "1" }],
    ["two of a oneof, a scalar null", { oneText: "a", oneI64: null }],
    ["two of a oneof, the first null", { oneI64: null, oneText: "a" }],
    ["two of a oneof, an enum null", { oneText: "a", oneKind: null }],
    ["two of a oneof, a message null", { oneInner: null, oneText: "a" }],
    ["two of a oneof, an unknown name", { oneKind: "ONE_TWO", oneText: "a" }],
    ["a oneof at zero", { oneText: "" }],
    ["a oneof with an unknown name", { oneKind: "ONE_TWO" }],
    ["an unknown field", { nothing: 1 }],
    ["an unknown field in another message", { inner: { nothing: 1 } }],
    ["an extension", { "[test.v1.extension]": 1 }],
    ["__proto__", JSON.parse('{"__proto__":{"text":"a"},"text":"b"}') as JsonValue],
    ["constructor and toString", { constructor: 1, toString: 2 }],
    ["a list of unknown names and known ones", { kinds: ["KINDS_ONE", "KINDS_TWO", 0, 7] }],
    ["a null in a list", { inners: [{}, null] }],
    ["no object", []],
    ["a text", "text"],
    ["null", null],
  ])("%s", (_, json) => expectSameReading(request, json));
});

describe("a value of a wrong type is encoded or rejected as with protobuf-es", () => {
  // prettier-ignore: a line for each kind, not for each value
  const values: unknown[] = [
    undefined,
    null,
    true,
    "",
    "a",
    "7",
    "\ud800",
    0,
    -0,
    7,
    1.5,
    2 ** 40,
    NaN,
    Infinity,
    -Infinity,
    0n,
    7n,
    2n ** 70n,
    new Uint8Array(),
    Uint8Array.of(255),
    [],
    [1],
    ["a"],
    [undefined],
    {},
    create(request),
    { seconds: 1n, nanos: 0 },
    { seconds: -1n, nanos: 5 },
    { seconds: 1n, nanos: -5 },
    { seconds: 0n, nanos: -5 },
    { seconds: 2n ** 50n, nanos: 0 },
    { seconds: 1n, nanos: 1e9 },
    { seconds: -62135596801n, nanos: 0 },
    { seconds: 253402300799n, nanos: 999999999 },
    { seconds: 7n, nanos: 120000000 },
    { seconds: -7n, nanos: -1000 },
  ];
  const withTypes = (field: DescField): unknown[] =>
    values.map((value) =>
      field.message && typeof value === "object" && value !== null && "seconds" in value
        ? { $typeName: field.message.typeName, ...value }
        : value,
    );

  test.each(request.fields.map((field) => [field.name, field] as const))("%s", (_, field) => {
    for (const value of [...withTypes(field), ...withTypes(field).map((each) => [each])]) {
      const message: Record<string, unknown> & Message = create(request);
      if (field.oneof) {
        message[field.oneof.localName] = { case: field.localName, value };
      } else {
        message[field.localName] = value;
      }
      for (const options of writeOptions) {
        expect(outcome(() => compactCodec.toJson(request, message, options))).toStrictEqual(
          outcome(() => toJson(request, message, options)),
        );
      }
    }
  });
});

describe("an error of our codec names the field and contains no value", () => {
  const secret = "s3cret-value";
  test.each<[name: string, field: string, json: JsonObject]>([
    ["a scalar", "field test.v1.Request.i32", { i32: secret }],
    ["base64", "field test.v1.Request.data", { data: `${secret}!` }],
    ["a lone surrogate", "field test.v1.Request.text", { text: `${secret}\ud800` }],
    ["a list", "field test.v1.Request.texts", { texts: secret }],
    ["an item of a list", "field test.v1.Request.numbers", { numbers: [1, secret] }],
    ["an enum", "field test.v1.Request.kind", { kind: secret }],
    ["a message", "field test.v1.Request.inner", { inner: secret }],
    ["a timestamp", "field test.v1.Request.at", { at: secret }],
    ["a duration", "field test.v1.Request.lasting", { lasting: secret }],
    ["a oneof", "oneof test.v1.Request.one", { oneText: secret, oneI64: 1 }],
    [
      "a duplicate field",
      "field test.v1.Request.maybe_text",
      { maybeText: secret, maybe_text: "" },
    ],
  ])("%s", (_, field, json) => {
    const error = caught(() => compactCodec.fromJson(request, json));
    expect(error.message).toContain(field);
    const { cause } = error;
    expect(isFieldError(cause) && String(cause.field())).toBe(field);
    expect(`${error.message} ${error.stack} ${String(cause)}`).not.toContain(secret);
  });

  test.each<[field: string, content: Record<string, unknown>]>([
    ["i32", { i32: secret }],
    ["at", { at: { $typeName: "google.protobuf.Timestamp", seconds: 2n ** 60n, nanos: 0 } }],
    ["inner", { inner: secret }],
    ["texts", { texts: [secret, 7] }],
  ])("encoding: %s", (field, content) => {
    const message = Object.assign(create(request), content);
    const { message: text } = caught(() => compactCodec.toJson(request, message));
    expect(text).toBe(`cannot encode field test.v1.Request.${field} to JSON`);
  });
});

describe("our codec leaves to protobuf-es", () => {
  test.each<[name: string, types: Types]>([
    ["a map", { a: { type: { map: ["string", "string"] } } }],
    ["an Any", { a: "google.protobuf.Any" }],
    ["a Struct", { a: "google.protobuf.Struct" }],
    ["a Value", { a: "google.protobuf.Value" }],
    ["a ListValue", { a: "google.protobuf.ListValue" }],
    ["a FieldMask", { a: "google.protobuf.FieldMask" }],
    ["a wrapper", { a: "google.protobuf.BoolValue" }],
    [
      "an Any in a list of a message",
      {
        a: { type: { message: { b: { type: "google.protobuf.Any", label: "repeated" } } } },
      },
    ],
    ["a message that can contain itself", { a: "test.v1.Request" }],
  ])("%s", (_, own) => {
    const desc = buildRegistry({ rule: null, types: own }).getMessage("test.v1.Request");
    expect(desc && compactCodecSupports(desc)).toBe(false);
  });
});
