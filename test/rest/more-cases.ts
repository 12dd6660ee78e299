import type { Rule, Types } from "../support/descriptors.js";
import type { Case, Reason, RequestCase, ResponseCase, TemplateCase } from "./run-case.js";

type Cased<T extends Case> = T & { category: string };
type Expected = NonNullable<RequestCase["expect"]>;

const get = (path: string, more: Partial<Rule> = {}): Rule => ({ verb: "get", path, ...more });
const post = (path: string, body?: string): Rule => ({ verb: "post", path, ...(body && { body }) });

function sends(
  category: string,
  rule: Rule,
  types: Types,
  message: RequestCase["message"],
  expected: Partial<Expected>,
): Omit<Cased<RequestCase>, "id"> {
  const method = rule.verb === "custom" ? (rule.kind ?? "") : rule.verb.toUpperCase();
  const expect = { method, path: rule.path, query: [], ...expected };
  return { kind: "request", category, rule, types, message, expect };
}

function refuses(
  category: string,
  reason: Reason,
  rule: Rule | null,
  types: Types,
  message: RequestCase["message"] = {},
): Omit<Cased<RequestCase>, "id"> {
  return { kind: "request", category, rule, types, message, expect_error: { reason } };
}

function template(
  path: string,
  reason?: Reason,
  types: Types = {},
): Omit<Cased<TemplateCase>, "id"> {
  return {
    kind: "template",
    category: `template ${path}`,
    rule: get(path),
    types,
    ...(reason ? { expect_error: { reason } } : { expect: { valid: true } }),
  };
}

function answers(
  category: string,
  response: Partial<ResponseCase["response"]> & { body: string },
  expected: Pick<ResponseCase, "expect_error" | "expect_response">,
  responseTypes: Types = { name: "string" },
  rule: Rule = get("/v1/x"),
): Omit<Cased<ResponseCase>, "id"> {
  const headers = response.headers ?? { "content-type": "application/json" };
  return {
    kind: "response",
    category,
    rule,
    response: { status: 200, ...response, headers },
    response_types: responseTypes,
    ...expected,
  };
}

const status = (code: number, expected: string): Omit<Cased<ResponseCase>, "id"> =>
  answers(
    `status ${code} alone`,
    { status: code, headers: {}, body: "" },
    { expect_error: { code: expected } },
  );

const nested: Types = { n: { type: { message: { x: "int32", s: "string" } } }, q: "string" };
const enumType: Types[string] = { type: { enum: { ZERO: 0, ONE: 1 } } };
const all = { a: "string", b: "string" };

const list: Omit<Cased<Case>, "id">[] = [
  // Bindings
  sends(
    "the primary binding takes precedence over a later one",
    { ...get("/a/{a}"), additional_bindings: [get("/b/{b}")] },
    all,
    { a: "1", b: "2" },
    { path: "/a/1", query: [["b", "2"]] },
  ),
  sends(
    "a later binding is used if the first lacks a value",
    { ...get("/a/{a}"), additional_bindings: [get("/b/{b}")] },
    all,
    { b: "2" },
    { path: "/b/2" },
  ),
  sends(
    "a later binding brings its own verb and body",
    { ...get("/a/{a}"), additional_bindings: [post("/b", "*")] },
    all,
    { b: "2" },
    { method: "POST", path: "/b", body: { b: "2" } },
  ),
  sends(
    "a custom verb is sent as it is",
    { verb: "custom", kind: "REPORT", path: "/x" },
    all,
    {},
    {},
  ),
  sends(
    "a DELETE has a body if the rule has one",
    { verb: "delete", path: "/x/{a}", body: "*" },
    all,
    { a: "1", b: "2" },
    { path: "/x/1", body: { b: "2" } },
  ),
  sends(
    "a PUT with body * and no remaining fields sends {}",
    { verb: "put", path: "/x/{a}", body: "*" },
    all,
    { a: "1" },
    { path: "/x/1", body: {} },
  ),

  // Path values
  sends(
    "a zero number in a set parent expands",
    get("/x/{n.x}"),
    nested,
    { n: {} },
    { path: "/x/0" },
  ),
  refuses(
    "a number below an unset parent has no value",
    "NO_MATCHING_BINDING",
    get("/x/{n.x}"),
    nested,
  ),
  refuses("an unset optional number has no value", "NO_MATCHING_BINDING", get("/x/{a}"), {
    a: "optional int32",
  }),
  refuses(
    "an unset member of a oneof has no value",
    "NO_MATCHING_BINDING",
    get("/x/{a}"),
    { a: { type: "int32", oneof: "o" }, b: { type: "int32", oneof: "o" } },
    { b: 1 },
  ),
  refuses(
    "an optional string that is set and empty has no value",
    "NO_MATCHING_BINDING",
    get("/x/{a}"),
    { a: "optional string" },
    { a: "" },
  ),
  refuses("empty bytes have no value", "NO_MATCHING_BINDING", get("/x/{a}"), { a: "bytes" }),
  sends("an unset bool expands", get("/x/{a}"), { a: "bool" }, {}, { path: "/x/false" }),
  sends(
    "an unset enum expands to its zero name",
    get("/x/{a}"),
    { a: enumType },
    {},
    { path: "/x/ZERO" },
  ),
  sends(
    "an unknown enum number is decimal in the path",
    get("/x/{a}"),
    { a: enumType },
    { a: 7 },
    { path: "/x/7" },
  ),
  sends("an unset double expands", get("/x/{a}"), { a: "double" }, {}, { path: "/x/0" }),
  sends(
    "the plus sign of an exponent is escaped",
    get("/x/{a}"),
    { a: "double" },
    { a: 1e21 },
    { path: "/x/1e%2B21" },
  ),
  sends(
    "a timestamp in the path has the form of grpc-gateway",
    get("/x/{a}"),
    { a: "google.protobuf.Timestamp" },
    { a: "2021-01-01T00:00:00Z" },
    { path: "/x/2021-01-01T00%3A00%3A00Z" },
  ),
  refuses("an empty segment inside ** is rejected", "INVALID_PATH_VALUE", get("/x/{a=**}"), all, {
    a: "x//y",
  }),
  refuses("a leading slash in ** is rejected", "INVALID_PATH_VALUE", get("/x/{a=**}"), all, {
    a: "/y",
  }),
  refuses("a trailing slash in ** is rejected", "INVALID_PATH_VALUE", get("/x/{a=**}"), all, {
    a: "y/",
  }),
  refuses(
    "two dots in a one-segment variable are rejected",
    "INVALID_PATH_VALUE",
    get("/x/{a}"),
    all,
    { a: ".." },
  ),
  refuses("a dot before a verb is rejected", "INVALID_PATH_VALUE", get("/x/{a}:go"), all, {
    a: ".",
  }),
  refuses("a lone surrogate in ** is rejected", "INVALID_PATH_VALUE", get("/x/{a=**}"), all, {
    a: "x/\udc00",
  }),
  refuses("a lone surrogate in the query is rejected", "INVALID_PATH_VALUE", get("/x"), all, {
    a: "\udc00",
  }),
  sends(
    "dots between other characters are ordinary",
    get("/x/{a}"),
    all,
    { a: "a..b" },
    { path: "/x/a..b" },
  ),
  sends(
    "an encoded dot is text and is encoded again",
    get("/x/{a}"),
    all,
    { a: "%2e%2e" },
    { path: "/x/%252e%252e" },
  ),
  sends("a backslash is escaped", get("/x/{a}"), all, { a: "a\\b" }, { path: "/x/a%5Cb" }),
  sends(
    "a quote, bang, star and brackets are escaped",
    get("/x/{a}"),
    all,
    { a: "'!*()" },
    { path: "/x/%27%21%2A%28%29" },
  ),
  refuses(
    "a literal of a sub-template must match exactly",
    "NO_MATCHING_BINDING",
    get("/{a=x/*}"),
    all,
    { a: "X/1" },
  ),
  refuses("* does not match an empty segment", "NO_MATCHING_BINDING", get("/{a=x/*}"), all, {
    a: "x/",
  }),
  refuses("** matches at least one segment", "NO_MATCHING_BINDING", get("/{a=x/**}"), all, {
    a: "x",
  }),
  sends(
    "a sub-template of a single literal matches only its text",
    get("/{a=x}/y"),
    all,
    { a: "x" },
    { path: "/x/y" },
  ),

  // Body
  sends(
    "an unset optional scalar as the body sends no body",
    post("/x", "a"),
    { a: "optional string" },
    {},
    { body: null },
  ),
  sends(
    "an optional scalar that is set to zero is the body",
    post("/x", "a"),
    { a: "optional int32" },
    { a: 0 },
    { body: 0 },
  ),
  sends("an empty scalar as the body is its zero", post("/x", "a"), all, {}, { body: "" }),
  sends("a 64-bit zero as the body is a text", post("/x", "a"), { a: "int64" }, {}, { body: "0" }),
  sends(
    "an empty map as the body is {}",
    post("/x", "a"),
    { a: { type: { map: ["string", "string"] } } },
    {},
    { body: {} },
  ),
  sends(
    "an enum zero as the body is its name",
    post("/x", "a"),
    { a: enumType },
    {},
    { body: "ZERO" },
  ),
  sends(
    "a present empty message as the body is {}",
    post("/x", "n"),
    nested,
    { n: {} },
    { body: {} },
  ),
  sends(
    "zeros inside a body field are omitted",
    post("/x", "n"),
    nested,
    { n: { x: 0, s: "s" } },
    { body: { s: "s" } },
  ),
  sends(
    "a wrapper as the body is the bare value",
    post("/x", "a"),
    { a: "google.protobuf.BoolValue" },
    { a: false },
    { body: false },
  ),
  sends(
    "a Struct as the body is its JSON",
    post("/x", "a"),
    { a: "google.protobuf.Struct" },
    { a: { k: [1, null] } },
    { body: { k: [1, null] } },
  ),
  sends(
    "a Value that is null is sent as null",
    { ...post("/x", "*") },
    { a: "google.protobuf.Value" },
    { a: null },
    { body: { a: null } },
  ),
  sends(
    "a nested message with all fields in the path is omitted from a * body",
    post("/x/{n.x}", "*"),
    nested,
    { n: { x: 3 }, q: "q" },
    { path: "/x/3", body: { q: "q" } },
  ),
  sends(
    "a nested message with a zero in the path is omitted from a * body",
    post("/x/{n.x}", "*"),
    nested,
    { n: {}, q: "q" },
    { path: "/x/0", body: { q: "q" } },
  ),
  sends(
    "bytes in a body are standard base64",
    post("/x", "*"),
    { a: "bytes" },
    { a: "//8=" },
    { body: { a: "//8=" } },
  ),
  sends(
    "an HttpBody without content type is a stream of octets",
    post("/x", "a"),
    { a: "google.api.HttpBody" },
    { a: { data: "aGk=" } },
    { body: { $raw: "hi", $content_type: "application/octet-stream" } },
  ),
  sends(
    "an unset HttpBody sends no body",
    post("/x", "a"),
    { a: "google.api.HttpBody", b: "string" },
    { b: "1" },
    { query: [["b", "1"]], body: null },
  ),

  // Query
  sends(
    "a member of a oneof is sent at zero",
    get("/x"),
    { a: { type: "string", oneof: "o" } },
    { a: "" },
    { query: [["a", ""]] },
  ),
  sends(
    "an optional message that is empty is dropped",
    get("/x"),
    { a: "google.protobuf.Empty", b: "string" },
    { a: {}, b: "1" },
    { query: [["b", "1"]] },
  ),
  sends(
    "a Value is JSON text, quotes included",
    get("/x"),
    { a: "google.protobuf.Value" },
    { a: "t" },
    { query: [["a", '"t"']] },
  ),
  sends(
    "a Value may be null",
    get("/x"),
    { a: "google.protobuf.Value" },
    { a: null },
    { query: [["a", "null"]] },
  ),
  sends(
    "an empty Struct is sent",
    get("/x"),
    { a: "google.protobuf.Struct" },
    { a: {} },
    { query: [["a", "{}"]] },
  ),
  sends(
    "repeated timestamps repeat the name",
    get("/x"),
    { a: "repeated google.protobuf.Timestamp" },
    { a: ["2021-01-01T00:00:00Z", "2021-01-01T00:00:00.100Z"] },
    {
      query: [
        ["a", "2021-01-01T00:00:00Z"],
        ["a", "2021-01-01T00:00:00.100Z"],
      ],
    },
  ),
  sends(
    "a bytes wrapper is URL-safe base64",
    get("/x"),
    { a: "google.protobuf.BytesValue" },
    { a: "//8=" },
    { query: [["a", "__8="]] },
  ),
  sends("NaN is sent by name", get("/x"), { a: "double" }, { a: "NaN" }, { query: [["a", "NaN"]] }),
  sends(
    "names of a FieldMask in the query are proto names at any depth",
    get("/x"),
    { a: "google.protobuf.FieldMask" },
    { a: "oneTwo.threeFour" },
    { query: [["a", "one_two.three_four"]] },
  ),
  sends(
    "a nested REQUIRED field is sent at zero when its parent is set",
    get("/x"),
    { n: { type: { message: { r: { type: "int32", behavior: ["REQUIRED"] }, s: "string" } } } },
    { n: { s: "1" } },
    {
      query: [
        ["n.r", "0"],
        ["n.s", "1"],
      ],
    },
  ),
  sends(
    "other field behaviors change nothing",
    get("/x"),
    { a: { type: "int32", behavior: ["OPTIONAL", "OUTPUT_ONLY"] } },
    {},
    {},
  ),
  sends(
    "an empty list or map without a query form is not an error",
    get("/x"),
    { a: { type: { map: ["string", "string"] } }, b: { label: "repeated", type: { message: {} } } },
    {},
    {},
  ),
  refuses(
    "an empty message in a repeated field is still an error",
    "UNSUPPORTED_QUERY_FIELD",
    get("/x"),
    { b: { label: "repeated", type: { message: {} } } },
    { b: [{}] },
  ),
  refuses(
    "a ListValue has no query form",
    "UNSUPPORTED_QUERY_FIELD",
    get("/x"),
    { a: "google.protobuf.ListValue" },
    { a: [] },
  ),
  refuses(
    "a map next to a body field has no query form",
    "UNSUPPORTED_QUERY_FIELD",
    post("/x", "b"),
    { a: { type: { map: ["string", "string"] } }, b: "string" },
    { a: { k: "v" } },
  ),

  // Rules
  refuses("a method without a rule cannot be called", "NO_HTTP_RULE", null, {}),
  refuses("a GET with a body cannot be sent", "INVALID_RULE", get("/x", { body: "*" }), all),
  refuses("a variable must not go through a repeated message", "INVALID_RULE", get("/x/{b.c}"), {
    b: { label: "repeated", type: { message: { c: "string" } } },
  }),
  refuses("a variable must not go through a scalar", "INVALID_RULE", get("/x/{a.c}"), all),
  refuses("a variable must not be a map", "INVALID_RULE", get("/x/{a}"), {
    a: { type: { map: ["string", "string"] } },
  }),
  refuses(
    "a variable is named by its proto name",
    "INVALID_RULE",
    get("/x/{fooBar}"),
    { foo_bar: "string" },
    { fooBar: "1" },
  ),
  refuses(
    "a body is named by its proto name",
    "INVALID_RULE",
    post("/x", "fooBar"),
    { foo_bar: "string" },
    { fooBar: "1" },
  ),
  refuses(
    "a broken additional binding breaks the rule",
    "INVALID_RULE",
    { ...get("/x"), additional_bindings: [get("/y/{nope}")] },
    all,
  ),
  refuses(
    "a broken additional template breaks the rule",
    "INVALID_TEMPLATE",
    { ...get("/x"), additional_bindings: [get("y")] },
    all,
  ),
  refuses(
    "fetch cannot send TRACE",
    "INVALID_RULE",
    { verb: "custom", kind: "TRACE", path: "/x" },
    all,
  ),
  refuses("a wildcard without a variable next to one", "INVALID_RULE", get("/*/{a}"), all, {
    a: "1",
  }),

  // Templates
  template("/"),
  template("/a/{a.b_1=x/*/y}", undefined, { a: { type: { message: { b_1: "string" } } } }),
  template("/%2c/a~b!$&'()+,;=@"),
  template("/x:a:b"),
  template("/{a=**}/tail:verb", undefined, all),
  ...[
    "x",
    "x/y",
    "//x",
    "/x//y",
    "/x/",
    "/x?y=1",
    "/x#y",
    "/x y",
    "/ü",
    "/%zz",
    "/%ff",
    "/x:",
    "/:x",
    "/{a}:",
    "/{",
    "/}",
    "/{}",
    "/{a",
    "/{a=}",
    "/{a=x/}",
    "/{=x}",
    "/{1a}",
    "/{a.}",
    "/{.a}",
    "/{a..b}",
    "/{a b}",
    "/{a}{b}",
    "/{a}-{b}",
    "/x{a}",
    "/{a}x",
    "/{a=x*}",
    "/{a}/{a}",
    "/{a=**}/{b=**}",
    "/**x",
    "/{a=***}",
    "/{a={b}}",
    "/{a:b}",
    "/{a}:x/y",
    "/a:b/{a}",
  ].map((path) => template(path, "INVALID_TEMPLATE", all)),

  // Responses
  answers(
    "a 201 is a success",
    { status: 201, body: '{"name":"x"}' },
    { expect_response: { message: { name: "x" } } },
  ),
  answers(
    "a JSON subtype is JSON",
    { headers: { "content-type": "application/vnd.x+json" }, body: '{"name":"x"}' },
    { expect_response: { message: { name: "x" } } },
  ),
  answers(
    "JSON is accepted without a content-type header",
    { headers: {}, body: '{"name":"x"}' },
    { expect_response: { message: { name: "x" } } },
  ),
  answers(
    "unknown fields are ignored",
    { body: '{"name":"x","more":{"a":1}}' },
    { expect_response: { message: { name: "x" } } },
  ),
  answers(
    "truncated JSON is an error",
    { body: '{"name":"x' },
    { expect_error: { code: "internal", message_contains: "not valid JSON" } },
  ),
  answers(
    "a value of the wrong type names the field",
    { body: '{"name":{}}' },
    { expect_error: { code: "internal", message_contains: "name" } },
  ),
  answers("JSON null is not a message", { body: "null" }, { expect_error: { code: "internal" } }),
  answers("a list is not a message", { body: "[]" }, { expect_error: { code: "internal" } }),
  answers(
    "a 204 is not a message with fields",
    { status: 204, headers: {}, body: "" },
    { expect_error: { code: "internal" } },
  ),
  answers(
    "gRPC instead of JSON",
    { headers: { "content-type": "application/grpc" }, body: "x" },
    { expect_error: { code: "unknown", message_contains: "application/grpc" } },
  ),
  answers(
    "a response_body that is a number",
    { body: "7" },
    { expect_response: { message: { n: 7 } } },
    { n: "int32" },
    get("/x", { response_body: "n" }),
  ),
  answers(
    "a response_body that is a message",
    { body: '{"a":"1"}' },
    { expect_response: { message: { n: { a: "1" } } } },
    { n: { type: { message: { a: "string" } } } },
    get("/x", { response_body: "n" }),
  ),
  answers(
    "a response_body that is a map",
    { body: '{"k":"v"}' },
    { expect_response: { message: { m: { k: "v" } } } },
    { m: { type: { map: ["string", "string"] } } },
    get("/x", { response_body: "m" }),
  ),
  answers(
    "a response_body that is raw bytes",
    { headers: { "content-type": "image/png" }, body: "raw" },
    { expect_response: { message: { b: { contentType: "image/png", data: "cmF3" } } } },
    { b: "google.api.HttpBody" },
    get("/x", { response_body: "b" }),
  ),
  answers(
    "a response_body that names no field",
    { body: "{}" },
    { expect_error: { code: "internal", message_contains: "response_body" } },
    { name: "string" },
    get("/x", { response_body: "nope" }),
  ),

  // Errors
  answers(
    "the name of the code in the envelope counts",
    { status: 400, body: '{"error":{"code":400,"message":"m","status":"FAILED_PRECONDITION"}}' },
    { expect_error: { code: "failed_precondition", message: "m" } },
  ),
  answers(
    "Google spells CANCELLED with two L",
    { status: 499, body: '{"error":{"status":"CANCELLED","message":"m"}}' },
    { expect_error: { code: "canceled" } },
  ),
  answers(
    "a Status inside the envelope, as in streams",
    { status: 404, body: '{"error":{"code":5,"message":"m","details":[]}}' },
    { expect_error: { code: "not_found", message: "m" } },
  ),
  answers(
    "an envelope in a list",
    { status: 400, body: '[{"error":{"status":"NOT_FOUND","message":"m"}}]' },
    { expect_error: { code: "not_found", message: "m" } },
  ),
  answers(
    "Connect's own form",
    {
      status: 404,
      body: '{"code":"already_exists","message":"m","details":[{"type":"zitadel.v1.ErrorDetail","value":"CgFh"}]}',
    },
    { expect_error: { code: "already_exists", message: "m", details: ["zitadel.v1.ErrorDetail"] } },
  ),
  answers(
    "an OAuth error has a text but no code",
    { status: 400, body: '{"error":"invalid_grant","error_description":"expired"}' },
    { expect_error: { code: "invalid_argument", message: "expired" } },
  ),
  answers(
    "an empty message stays empty",
    { status: 404, body: '{"code":5,"message":""}' },
    { expect_error: { code: "not_found", message: "" } },
  ),
  answers(
    "an unknown code falls back to the status",
    { status: 403, body: '{"code":77,"message":"m"}' },
    { expect_error: { code: "permission_denied", message: "m" } },
  ),
  answers(
    "details of wrong types are omitted",
    {
      status: 404,
      body: '{"code":5,"message":"m","details":[null,1,"x",{"@type":"type.googleapis.com/a.B"}]}',
    },
    { expect_error: { code: "not_found", details: ["a.B"] } },
  ),
  answers(
    "a malformed detail of a known type keeps its name",
    {
      status: 404,
      body: '{"code":5,"message":"m","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":{}}]}',
    },
    { expect_error: { code: "not_found", details: ["zitadel.v1.ErrorDetail"] } },
  ),
  ...["[]", '"text"', "42", "true", "{}"].map((body) =>
    answers(
      `the JSON ${body} is no error`,
      { status: 409, body },
      { expect_error: { code: "aborted", message_contains: "409" } },
    ),
  ),
  answers(
    "a page of a proxy",
    { status: 404, headers: { "content-type": "text/html; charset=utf-8" }, body: "<html>" },
    { expect_error: { code: "not_found", message_contains: "text/html" } },
  ),
  answers(
    "a redirect names its target without the query",
    { status: 302, headers: { location: "https://u:p@idp.example/login?token=t" }, body: "" },
    {
      expect_error: {
        code: "unknown",
        message:
          "the server answered HTTP 302, a redirect to https://idp.example/login, which a call does not follow: check baseUrl",
      },
    },
  ),
  status(403, "permission_denied"),
  status(404, "not_found"),
  status(405, "unimplemented"),
  status(416, "out_of_range"),
  status(499, "canceled"),
  status(501, "unimplemented"),
  status(502, "unavailable"),
  status(503, "unavailable"),
  status(520, "unavailable"),
  status(530, "unavailable"),
  status(599, "internal"),
];

/** Additional cases for rules that the shared table does not cover. */
export const moreCases: Cased<Case>[] = list.map(
  (each, index) => ({ ...each, id: `more-${index}` }) as Cased<Case>,
);
