import { create, createRegistry, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { DurationSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { ErrorDetailSchema as ErrorDetailV2Schema } from "../../gen/zitadel/error/v2/error_pb.js";
import { createErrorRegistry } from "../../src/rest/error-registry.js";
import { createAnyDetailDecoder } from "../../src/rest/other-services.js";
import { decodeErrorResponse } from "../../src/rest/decode-error-response.js";
import { encodeErrorResponse } from "../../src/rest/encode-error-response.js";
import { codeFromStatus, statusFromCode } from "../../src/rest/http-status.js";
import { createJsonError } from "../../src/transport/json-errors.js";

const registry = createErrorRegistry();

function received(status: number, body: unknown): ConnectError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = new Headers({ "content-type": "application/json" });
  return decodeErrorResponse(
    { status, headers, body: new TextEncoder().encode(text) },
    createAnyDetailDecoder(registry),
  );
}

const codes = Object.values(Code).filter((code) => typeof code === "number");

describe("an error survives encoding and decoding", () => {
  test.each(codes)("with the code %i", (code) => {
    const detail = create(ErrorDetailSchema, { id: "QUERY-SAFrt", message: "gone" });
    const sent = new ConnectError("gone (QUERY-SAFrt)", code, undefined, [
      { desc: ErrorDetailSchema, value: detail },
      { desc: CredentialsCheckErrorSchema, value: { id: "x", failedAttempts: 3 } },
      { desc: ErrorDetailV2Schema, value: { slug: "a.b", details: { k: [1, null] } } },
      { desc: StructSchema, value: { fields: {} } },
    ]);
    const { status, headers, body } = encodeErrorResponse(sent, registry);
    expect(status).toBe(statusFromCode(code));
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["www-authenticate"]).toBe(
      code === Code.Unauthenticated ? "gone (QUERY-SAFrt)" : undefined,
    );

    const error = received(status, body);
    expect(error.code).toBe(code);
    expect(error.rawMessage).toBe("gone (QUERY-SAFrt)");
    expect(error.findDetails(ErrorDetailSchema)).toEqual([detail]);
    expect(error.findDetails(CredentialsCheckErrorSchema)[0]?.failedAttempts).toBe(3);
    expect(error.findDetails(ErrorDetailV2Schema)[0]?.details).toEqual({ k: [1, null] });
    expect(error.details[0]).toEqual({
      type: "zitadel.v1.ErrorDetail",
      value: toBinary(ErrorDetailSchema, detail),
      debug: { id: "QUERY-SAFrt", message: "gone" },
    });
    expect(JSON.parse(encodeErrorResponse(error, registry).body)).toEqual(JSON.parse(body));
  });
});

test("an error without details has no list of details", () => {
  const { body } = encodeErrorResponse(new ConnectError("Not Found", Code.NotFound), registry);
  expect(JSON.parse(body)).toEqual({ code: 5, message: "Not Found" });
});

test("a detail of an unknown type is kept as JSON and is not taken for an empty message", () => {
  const json = { "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: 1 } };
  const error = received(404, { code: 5, message: "m", details: [json] });
  expect(error.details).toMatchObject([
    { type: "google.protobuf.Struct", debug: { value: { a: 1 } } },
  ]);
  expect(error.findDetails(StructSchema)).toEqual([]);
  expect(JSON.parse(encodeErrorResponse(error, registry).body)).toHaveProperty("details", [json]);
});

test("a registry of the caller adds types of details", () => {
  const json = { "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: 1 } };
  const body = new TextEncoder().encode(JSON.stringify({ code: 5, message: "m", details: [json] }));
  const known = createErrorRegistry(createRegistry(StructSchema));
  const error = decodeErrorResponse(
    { status: 404, headers: new Headers(), body },
    createAnyDetailDecoder(known),
  );
  expect(error.findDetails(StructSchema)).toHaveLength(1);
});

test.each<[name: string, detail: JsonObject]>([
  ["ours", { "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", id: "QUERY-SAFrt", new: 1 }],
  ["ours, with a wrong value", { "@type": "type.googleapis.com/zitadel.v1.ErrorDetail", id: 7 }],
  ["ours, with a Struct", { "@type": "zitadel.error.v2.ErrorDetail", details: { k: [1, null] } }],
  ["one whose JSON is a text", { "@type": "x/google.protobuf.Duration", value: "1.5s" }],
  ["one of an unknown type", { "@type": "type.googleapis.com/google.rpc.Help", links: [] }],
  ["one without a type", { id: "a" }],
  ["an empty one", {}],
])("a call that fails reads a detail as protobuf-es does: %s", async (_, detail) => {
  const types = createRegistry(DurationSchema);
  const body = new TextEncoder().encode(JSON.stringify({ code: 5, details: [detail] }));
  const response = { status: 404, headers: new Headers(), body };
  const read = createAnyDetailDecoder(createErrorRegistry(types));
  const { details } = await createJsonError(
    response,
    types,
    () => import("../../src/rest/other-services.js"),
  );
  expect(details).toHaveLength(1);
  expect(details).toEqual(decodeErrorResponse(response, read).details);
});

test("every code has a status, and every such status has a code with this status", () => {
  for (const code of codes) {
    expect(statusFromCode(codeFromStatus(statusFromCode(code)))).toBe(statusFromCode(code));
  }
});
