import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { ErrorDetailSchema as ErrorDetailV2Schema } from "../../gen/zitadel/error/v2/error_pb.js";
import { decodeError, encodeError, errorRegistry } from "../../src/rest/error.js";
import { codeFromStatus, statusFromCode } from "../../src/rest/status.js";

const registry = errorRegistry();

function received(status: number, body: unknown): ConnectError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = new Headers({ "content-type": "application/json" });
  return decodeError({ status, headers, body: new TextEncoder().encode(text) }, registry);
}

const codes = Object.values(Code).filter((code) => typeof code === "number");

describe("an error goes out and comes back the same", () => {
  test.each(codes)("with the code %i", (code) => {
    const detail = create(ErrorDetailSchema, { id: "QUERY-SAFrt", message: "gone" });
    const sent = new ConnectError("gone (QUERY-SAFrt)", code, undefined, [
      { desc: ErrorDetailSchema, value: detail },
      { desc: CredentialsCheckErrorSchema, value: { id: "x", failedAttempts: 3 } },
      { desc: ErrorDetailV2Schema, value: { slug: "a.b", details: { k: [1, null] } } },
      { desc: StructSchema, value: { fields: {} } },
    ]);
    const { status, headers, body } = encodeError(sent, registry);
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
    expect(JSON.parse(encodeError(error, registry).body)).toEqual(JSON.parse(body));
  });
});

test("an error without details has no list of them", () => {
  const { body } = encodeError(new ConnectError("Not Found", Code.NotFound), registry);
  expect(JSON.parse(body)).toEqual({ code: 5, message: "Not Found" });
});

test("a detail of an unknown type is kept as JSON and is not taken for an empty message", () => {
  const json = { "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: 1 } };
  const error = received(404, { code: 5, message: "m", details: [json] });
  expect(error.details).toMatchObject([
    { type: "google.protobuf.Struct", debug: { value: { a: 1 } } },
  ]);
  expect(error.findDetails(StructSchema)).toEqual([]);
  expect(JSON.parse(encodeError(error, registry).body)).toHaveProperty("details", [json]);
});

test("a registry of the caller makes more types known", () => {
  const json = { "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: 1 } };
  const body = new TextEncoder().encode(JSON.stringify({ code: 5, message: "m", details: [json] }));
  const known = errorRegistry(createRegistry(StructSchema));
  const error = decodeError({ status: 404, headers: new Headers(), body }, known);
  expect(error.findDetails(StructSchema)).toHaveLength(1);
});

test("every code has a status, and a status alone gives a code of the same status where one exists", () => {
  for (const code of codes) {
    expect(statusFromCode(codeFromStatus(statusFromCode(code)))).toBe(statusFromCode(code));
  }
});
