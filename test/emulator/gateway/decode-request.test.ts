import { toJson } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { decodeRequest } from "../../../src/emulator/gateway/decode-request.js";
import { resolveRestMethod } from "../../../src/rest/resolve-rest-method.js";
import { buildMethod, type Rule, type Types } from "../../support/descriptors.js";

const types: Types = {
  id: "string",
  client_id: "string",
  scopes: "repeated string",
  options: {
    type: { message: { auto: { type: { enum: { NONE: 0, NAME: 1 } } }, linking: "bool" } },
  },
  offset: "uint64",
  limit: "uint32",
  life: "google.protobuf.Duration",
  key: "bytes",
  one: { type: "string", oneof: "either" },
  two: { type: "string", oneof: "either" },
  kind: { type: { enum: { ANY: 0, SOME: 1 } }, oneof: "either" },
  mask: "google.protobuf.FieldMask",
  flag: "google.protobuf.BoolValue",
  map: { type: { map: ["string", "int32"] } },
};

type IncomingRequest = Parameters<typeof decodeRequest>[2];

function decode(
  rule: Rule,
  input: Partial<Omit<IncomingRequest, "body">> & { body?: string | Uint8Array },
): JsonValue {
  const method = buildMethod({ rule, types });
  const rest = resolveRestMethod(method);
  const [binding] = rest.bindings;
  if (binding === undefined) {
    throw new Error("no binding");
  }
  const body =
    typeof input.body === "string"
      ? new TextEncoder().encode(input.body)
      : (input.body ?? new Uint8Array());
  const message = decodeRequest(rest, binding, {
    variables: {},
    query: new URLSearchParams(),
    contentType: "application/json",
    ...input,
    body,
  });
  return toJson(method.input, message);
}

const whole: Rule = { verb: "post", path: "/x", body: "*" };
const bodyless: Rule = { verb: "get", path: "/x/{id}" };

describe("a body is decoded as by ZITADEL's gateway", () => {
  test.each<[name: string, body: string, message: JsonValue]>([
    ["camelCase names", '{"clientId":"c"}', { clientId: "c" }],
    ["snake_case names", '{"client_id":"c"}', { clientId: "c" }],
    ["a name in the wrong case is unknown", '{"ClientId":"c"}', {}],
    ["unknown fields are ignored", '{"clientId":"c","nope":{"a":[1]}}', { clientId: "c" }],
    ["an empty body", "", {}],
    ["blanks only", "  \n\t", {}],
    ["a second value is ignored", '{"clientId":"c"}{"x":1}', { clientId: "c" }],
    ["garbage after the value is ignored", '{"clientId":"}{"} nope', { clientId: "}{" }],
    ["blanks around the value", ' \n{ "clientId" : "a\\"b" }\n', { clientId: 'a"b' }],
    ["null unsets a field", '{"clientId":null,"scopes":null,"options":null}', {}],
    ["an enum by number", '{"options":{"auto":1}}', { options: { auto: "NAME" } }],
    ["an enum by float", '{"options":{"auto":1.0}}', { options: { auto: "NAME" } }],
    ["an enum number in a text is an unknown name", '{"options":{"auto":"1"}}', { options: {} }],
    ["an unknown enum name", '{"options":{"auto":"EMAIL"}}', { options: {} }],
    [
      "64 bits as number, text, float and exponent",
      '{"offset":1e1,"limit":"2"}',
      { offset: "10", limit: 2 },
    ],
    [
      "64 bits beyond a double",
      '{"offset":18446744073709551615}',
      { offset: "18446744073709551615" },
    ],
    ["a oneof with a null member", '{"one":null,"two":"x"}', { two: "x" }],
    ["a oneof with a null enum", '{"kind":null,"two":"x","nope":[null]}', { two: "x" }],
    ["URL-safe bytes without padding", '{"key":"Pz8-fm4"}', { key: "Pz8+fm4=" }],
    ["a surrogate pair", '{"clientId":"\\ud83e\\udd8a"}', { clientId: "🦊" }],
  ])("%s", (_, body, message) => {
    expect(decode(whole, { body })).toEqual(message);
  });

  test.each<[name: string, body: string | Uint8Array, text: string]>([
    [
      "both spellings of a field",
      '{"clientId":"c","client_id":"d"}',
      'proto: (line 1:17): duplicate field "client_id"',
    ],
    [
      "a duplicate field",
      '{"clientId":"c","clientId":"d"}',
      'proto: (line 1:17): duplicate field "clientId"',
    ],
    [
      "a duplicate field that is null",
      '{"clientId":null,"clientId":"d"}',
      'proto: (line 1:18): duplicate field "clientId"',
    ],
    ["null", "null", "proto: syntax error (line 1:1): unexpected token null"],
    ["a list", "[]", "proto: syntax error (line 1:1): unexpected token ["],
    ["a text", '"a"', 'proto: syntax error (line 1:1): unexpected token "a"'],
    ["a number", "1", "proto: syntax error (line 1:1): unexpected token 1"],
    ["an incomplete object", '{"clientId":', "unexpected EOF"],
    ["an incomplete text", '{"clientId":"c', "unexpected EOF"],
    ["an incomplete escape in a text", '{"clientId":"c\\', "unexpected EOF"],
    [
      "a word that contains a blank",
      '{"options":{"linking":tr ue}}',
      "invalid character ' ' in literal true (expecting 'u')",
    ],
    [
      "single quotes",
      "{'clientId':'c'}",
      "invalid character '\\'' looking for beginning of object key string",
    ],
    [
      "a trailing comma",
      '{"clientId":"c",}',
      "invalid character '}' looking for beginning of object key string",
    ],
    ["a word", "nope", "invalid character 'o' in literal null (expecting 'u')"],
    ["a form", "clientId=c", "invalid character 'c' looking for beginning of value"],
    ["a byte order mark", "\ufeff{}", "invalid character 'ï' looking for beginning of value"],
    [
      "invalid UTF-8 outside of a text",
      Uint8Array.of(0x7b, 0xff, 0x7d),
      "invalid character 'ÿ' looking for beginning of object key string",
    ],
    [
      "invalid UTF-8 in the text of an unknown field",
      Buffer.from('{"é":1,\n"é":"\xff"}', "latin1"),
      "proto: syntax error (line 1:2): invalid UTF-8 in string",
    ],
    ["half a surrogate pair at the end", '{"clientId":"\\ud800"}', "proto: unexpected EOF"],
    [
      "half a surrogate pair",
      '{"clientId":"\\ud800","scopes":[]}',
      'proto: syntax error (line 1:13): invalid escape code "\\",\\"sco" in string',
    ],
    [
      "a number for a text, in a later line after texts beyond ASCII",
      ' \n{"é🦊":\n"é🦊","clientId":1}',
      "proto: (line 2:17): invalid value for string field clientId: 1",
    ],
    [
      "a text for a bool",
      '{"options":{"linking":"true"}}',
      'proto: (line 1:23): invalid value for bool field linking: "true"',
    ],
    [
      "a text for a list",
      '{"scopes":"a"}',
      'proto: syntax error (line 1:11): unexpected token "a"',
    ],
    [
      "null in a list",
      '{"scopes":[null]}',
      "proto: (line 1:12): invalid value for string field scopes: null",
    ],
    [
      "an enum out of range",
      '{"options":{"auto":4294967296}}',
      "proto: (line 1:20): invalid value for enum field auto: 4294967296",
    ],
    [
      "two members of a oneof",
      '{"one":"a","two":"b"}',
      'proto: (line 1:12): error parsing "two", oneof test.v1.Request.either is already set',
    ],
    [
      "a fraction for an integer",
      '{"offset":1.5}',
      "proto: (line 1:11): invalid value for uint64 field offset: 1.5",
    ],
    [
      "a negative unsigned integer",
      '{"offset":-1}',
      "proto: (line 1:11): invalid value for uint64 field offset: -1",
    ],
    [
      "an integer out of range",
      '{"limit":4294967296}',
      "proto: (line 1:10): invalid value for uint32 field limit: 4294967296",
    ],
    [
      "blanks around a number",
      '{"limit":" 1"}',
      'proto: (line 1:10): invalid value for uint32 field limit: " 1"',
    ],
    [
      "a duration without unit",
      '{"life":"10"}',
      'proto: (line 1:9): invalid google.protobuf.Duration value "10"',
    ],
    [
      "a duration as a number",
      '{"life":10}',
      "proto: syntax error (line 1:9): unexpected token 10",
    ],
    [
      "bytes that are not base64",
      '{"key":"###"}',
      'proto: (line 1:8): invalid value for bytes field key: "###"',
    ],
  ])("%s is rejected", (_, body, text) => {
    expect(failureOf(() => decode(whole, { body }))).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: text,
    });
  });

  test("a path variable takes precedence over the body", () => {
    const rule = { verb: "put", path: "/x/{id}", body: "*" };
    expect(decode(rule, { body: '{"id":"2","clientId":"c"}', variables: { id: "1" } })).toEqual({
      id: "1",
      clientId: "c",
    });
  });

  test("a malformed body is ignored if the rule has no body", () => {
    expect(decode(bodyless, { body: "nope", variables: { id: "1" } })).toEqual({ id: "1" });
  });

  test("a body for one field is rejected if it has another type than the field", () => {
    const rule = { verb: "patch", path: "/x", body: "options" };
    expect(failureOf(() => decode(rule, { body: " null" }))?.rawMessage).toBe(
      "proto: syntax error (line 1:1): unexpected token null",
    );
  });

  test("a body field is merged with its siblings in the path", () => {
    const rule = { verb: "patch", path: "/x/{options.auto}", body: "options" };
    expect(
      decode(rule, { body: '{"linking":true}', variables: { "options.auto": "NAME" } }),
    ).toEqual({ options: { auto: "NAME", linking: true } });
  });
});

describe("a query is decoded as by grpc-gateway", () => {
  test.each<[query: string, message: JsonValue]>([
    ["client_id=a", { clientId: "a" }],
    ["clientId=a+b", { clientId: "a b" }],
    ["scopes=a&scopes=&scopes=b,c", { scopes: ["a", "", "b,c"] }],
    ["options.auto=NAME&options.linking=t", { options: { auto: "NAME", linking: true } }],
    ["offset=18446744073709551615&limit=7", { offset: "18446744073709551615", limit: 7 }],
    ["life=1.5s&flag=0&key=__8%3D", { life: "1.500s", flag: false, key: "//8=" }],
    ["mask=client_id,options.auto", { mask: "clientId,options.auto" }],
    ["map[a]=1&map[b]=2", { map: { a: 1, b: 2 } }],
    ["nope=1&options.nope=1&client_id.x=1", {}],
    ["id=2", {}],
  ])("%s", (query, message) => {
    expect(decode({ verb: "get", path: "/x/{id}" }, { query: new URLSearchParams(query) })).toEqual(
      message,
    );
  });

  test.each([
    "clientId=a&clientId=b",
    "limit=x",
    "limit=1.5",
    "options.linking=yes",
    "options.auto=NOPE",
    "options=1",
    "one=a&two=b",
    "limit=4294967296",
  ])("%s is rejected", (query) => {
    expect(failureOf(() => decode(bodyless, { query: new URLSearchParams(query) }))?.code).toBe(
      Code.InvalidArgument,
    );
  });

  test("is ignored if the body is the whole message", () => {
    expect(decode(whole, { query: new URLSearchParams("clientId=a") })).toEqual({});
  });
});

function failureOf(action: () => unknown): ConnectError | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof ConnectError ? error : undefined;
  }
  return undefined;
}
