import type { JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import data from "./cases.json" with { type: "json" };
import { moreCases } from "./more-cases.js";
import { jsonOf, methodOf, requestMessage, run } from "./run-case.js";
import type { Case, Reason, RequestCase, ResponseCase, TemplateCase } from "./run-case.js";

const cases = data as Case[];

const codes: Record<Reason, Code> = {
  NO_MATCHING_BINDING: Code.InvalidArgument,
  INVALID_PATH_VALUE: Code.InvalidArgument,
  UNSUPPORTED_QUERY_FIELD: Code.InvalidArgument,
  INVALID_RULE: Code.Internal,
  INVALID_TEMPLATE: Code.Internal,
  NO_HTTP_RULE: Code.Unimplemented,
};

const texts: Record<Reason, RegExp> = {
  NO_MATCHING_BINDING: /must not be empty|must have the form/,
  INVALID_PATH_VALUE: /segment|cannot be part of a URL/,
  UNSUPPORTED_QUERY_FIELD: /has no form in a query/,
  INVALID_RULE: /invalid google.api.http rule/,
  INVALID_TEMPLATE: /invalid path template/,
  NO_HTTP_RULE: /has no google.api.http rule/,
};

test("the table has all 215 cases", () => {
  expect(cases).toHaveLength(215);
  expect(new Set([...cases, ...moreCases].map(({ id }) => id)).size).toBe(215 + moreCases.length);
});

describe("a case of google.api.http holds through the JSON transport", () => {
  test.each([...cases, ...moreCases])("$id: $category", async (each) => {
    switch (each.kind) {
      case "request":
        return await checkRequest(each);
      case "response":
        return await checkResponse(each);
      case "template":
        return await checkTemplate(each);
    }
  });
});

async function checkRequest(each: RequestCase): Promise<void> {
  const method = methodOf(each);
  const message = requestMessage(each, method);
  const baseUrl = each.base_url ?? "https://h.example";
  const { sent, result } = await run(method, message, { baseUrl });
  if (each.expect_error) {
    expect(sent).toEqual([]);
    checkReason(result, each.expect_error.reason);
    return;
  }
  const { method: verb, path, query, raw_query: rawQuery, body, url } = each.expect ?? fail(each);
  const [request] = sent;
  if (request === undefined) {
    throw result;
  }
  expect(request.method).toBe(verb);
  const [sentPath, sentQuery = ""] = request.url.slice(baseUrl.length).split("?");
  expect(sentPath).toBe(path);
  expect(request.url.endsWith("?")).toBe(false);
  expect(pairs(sentQuery)).toEqual(query.map(rounded));
  if (rawQuery !== undefined) {
    expect(sentQuery).toBe(rawQuery);
  }
  if (url !== undefined) {
    expect(request.url).toBe(url);
  }
  expect(request.headers.get("accept")).toBe("application/json");
  checkBody(request.body, request.headers.get("content-type"), body);
}

function checkBody(
  body: string | null,
  contentType: string | null,
  expected: JsonValue | undefined,
): void {
  if (expected === undefined || expected === null) {
    expect([body, contentType]).toEqual([null, null]);
  } else if (typeof expected === "object" && "$raw" in expected) {
    expect([body, contentType]).toEqual([expected["$raw"], expected["$content_type"]]);
  } else {
    expect(contentType).toBe("application/json");
    expect(JSON.parse(body ?? "")).toEqual(expected);
  }
}

async function checkResponse(each: ResponseCase): Promise<void> {
  const method = methodOf(each);
  const message = requestMessage(each, method);
  const { result } = await run(method, message, { response: each.response });
  if (each.expect_response) {
    if (result instanceof ConnectError) {
      throw result;
    }
    expect(jsonOf(method, result)).toEqual(each.expect_response.message);
    return;
  }
  const expected = each.expect_error ?? fail(each);
  const error = asError(result);
  expect(codeName(error.code)).toBe(expected.code);
  if (expected.message !== undefined) {
    expect(error.rawMessage).toBe(expected.message);
  }
  expect(error.rawMessage).toContain(expected.message_contains ?? "");
  if (expected.details !== undefined) {
    const types = expected.details.map((detail) => /([^/ ]+)(?: \(opaque\))?$/.exec(detail)?.[1]);
    expect(error.details.map((detail) => "type" in detail && detail.type)).toEqual(types);
  }
  for (const [name, value] of Object.entries(expected.metadata ?? {})) {
    expect(error.metadata.get(name)).toBe(value);
  }
}

async function checkTemplate(each: TemplateCase): Promise<void> {
  const method = methodOf(each);
  const { result } = await run(method, requestMessage(each, method));
  if (each.expect_error) {
    checkReason(result, each.expect_error.reason);
  } else if (result instanceof ConnectError) {
    // A valid template whose variables have no value.
    expect(result.code).toBe(Code.InvalidArgument);
  }
}

function checkReason(result: unknown, reason: Reason): void {
  const error = asError(result);
  expect(error.code).toBe(codes[reason]);
  expect(error.rawMessage).toMatch(texts[reason]);
}

function asError(result: unknown): ConnectError {
  expect(result).toBeInstanceOf(ConnectError);
  return result as ConnectError;
}

function pairs(query: string): [string, string][] {
  return [...new URLSearchParams(query)].map(rounded);
}

/** Rounds floats, because the same 32 bits have several decimal spellings. */
function rounded([name, value]: [string, string]): [string, string] {
  return /float/i.test(name) ? [name, String(Math.fround(Number(value)))] : [name, value];
}

function codeName(code: Code): string {
  return (Code[code] ?? "").replace(/\B[A-Z]/g, "_$&").toLowerCase();
}

function fail(each: Case): never {
  throw new Error(`case ${each.id} expects nothing`);
}
