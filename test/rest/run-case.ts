import { create, fromJson, toJson } from "@bufbuild/protobuf";
import type { DescMethodUnary, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createJsonTransport } from "../../src/json-transport.js";
import { buildMethod, type Rule, type Types } from "../support/descriptors.js";

export type Reason =
  | "NO_MATCHING_BINDING"
  | "INVALID_PATH_VALUE"
  | "UNSUPPORTED_QUERY_FIELD"
  | "INVALID_RULE"
  | "INVALID_TEMPLATE"
  | "NO_HTTP_RULE";

interface Base {
  id: string;
  rule: Rule | null;
  types?: Types;
  note?: string;
}

export interface RequestCase extends Base {
  kind: "request";
  base_url?: string;
  message: JsonObject;
  expect?: {
    method: string;
    path: string;
    query: [string, string][];
    raw_query?: string;
    body?: JsonValue;
    url?: string;
  };
  expect_error?: { reason: Reason };
}

export interface ResponseCase extends Base {
  kind: "response";
  response: { status: number; headers: Record<string, string>; body: string };
  response_types?: Types;
  expect_response?: { message: JsonObject };
  expect_error?: {
    code: string;
    message?: string;
    message_contains?: string;
    details?: string[];
    metadata?: Record<string, string>;
  };
}

export interface TemplateCase extends Base {
  kind: "template";
  expect?: { valid: true };
  expect_error?: { reason: Reason };
}

export type Case = RequestCase | ResponseCase | TemplateCase;

export interface Sent {
  url: string;
  method: string;
  headers: Headers;
  body: string | null;
}

const plainResponse: ResponseCase["response"] = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: "{}",
};

/**
 * Runs a call through the JSON transport against a server that always returns `response`. Returns the sent requests and the
 * outcome.
 */
export async function run(
  method: DescMethodUnary,
  message: Message,
  {
    baseUrl = "https://h.example",
    response = plainResponse,
  }: { baseUrl?: string; response?: ResponseCase["response"] } = {},
): Promise<{ sent: Sent[]; result: Message | ConnectError }> {
  const sent: Sent[] = [];
  const transport = createJsonTransport({
    baseUrl,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body =
        init?.body === undefined ? null : new TextDecoder().decode(await request.arrayBuffer());
      sent.push({ url: String(input), method: init?.method ?? "", headers: request.headers, body });
      const { status, headers } = response;
      return new Response(status === 204 ? null : new TextEncoder().encode(response.body), {
        status,
        headers,
      });
    },
  });
  try {
    const { message: result } = await transport.unary(
      method,
      undefined,
      undefined,
      undefined,
      message,
    );
    return { sent, result };
  } catch (error) {
    return { sent, result: ConnectError.from(error) };
  }
}

/** Returns the method of a case. The path variables of a response case are strings. */
export function methodOf(each: Case): DescMethodUnary {
  const variables = each.kind === "response" ? Object.keys(pathValues(each)) : [];
  const types = each.types ?? Object.fromEntries(variables.map((name) => [name, "string"]));
  return buildMethod({ ...each, types });
}

/** Returns the request message of a case. In a response case each path variable has a value that fits. */
export function requestMessage(each: Case, method: DescMethodUnary): Message {
  const json = each.kind === "request" ? each.message : pathValues(each);
  try {
    return fromJson(method.input, json);
  } catch {
    // protobuf-es rejects lone surrogates in JSON.
    return create(method.input, json);
  }
}

function pathValues(each: Case): Record<string, string> {
  const variables = (each.rule?.path ?? "").matchAll(/\{(\w+)(?:=([^}]*))?\}/g);
  return Object.fromEntries(
    [...variables].map(([, name = "", form = "*"]) => [name, form.replaceAll("*", "x")]),
  );
}

export function jsonOf(method: DescMethodUnary, message: Message): JsonValue {
  return toJson(method.output, message);
}
