import {
  type DescMethod,
  fromBinary,
  fromJson,
  getOption,
  type JsonObject,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { createErrorRegistry } from "../../src/rest/error-registry.js";
import { encodeErrorResponse } from "../../src/rest/encode-error-response.js";
import { gatewayPrefixes } from "../../src/rest/gateway-prefixes.js";
import { findZitadelRule } from "../../src/rest/find-zitadel-rest-method.js";
import { http } from "../../gen/google/api/annotations_pb.js";
import { type RawResponse, sendRaw } from "./raw-http.js";
import type { Outcome } from "./recordings.js";

/** The names of the wire protocols. */
export const wireNames = ["json", "grpc", "grpc-web"] as const;
export type WireName = (typeof wireNames)[number];

/** Formats an outcome in one line: "ok", or the code and text of the error. */
export function formatOutcome(outcome: Outcome): string {
  if ("ok" in outcome) {
    return "ok";
  }
  const { code, message } =
    "error" in outcome ? outcome.error : { code: "HTTP", message: outcome.http.status };
  return `${String(code)} ${String(message)}`;
}

type RawHeaders = Record<string, string | string[]>;

/** Calls an RPC with a request built by hand, and returns the outcome in the same form for all wire protocols. */
export async function callRaw(
  wire: WireName,
  port: number,
  method: DescMethod,
  request: JsonObject,
  headers: RawHeaders,
): Promise<Outcome> {
  return wire === "json"
    ? callRest(port, method, request, headers)
    : callGrpc(wire, port, method, request, headers);
}

async function callRest(
  port: number,
  method: DescMethod,
  request: JsonObject,
  headers: RawHeaders,
): Promise<Outcome> {
  const { verb, template, bodyField } = readRule(method);
  const body: JsonObject = { ...request };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const key = name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value = String(body[key] ?? "");
    delete body[key];
    return encodeURIComponent(value);
  });
  const response = await sendRaw(port, {
    method: verb,
    path: `${gatewayPrefixes[method.parent.typeName] ?? ""}${path}`,
    headers: {
      ...headers,
      accept: "application/json",
      ...(bodyField && { "content-type": "application/json" }),
    },
    ...(bodyField && { body: Buffer.from(JSON.stringify(body)) }),
  });
  const text = response.body.toString();
  if (response.status === 301) {
    return { http: { status: response.status, body: text } };
  }
  const json = JSON.parse(text) as JsonObject;
  return response.status === 200 ? { ok: json } : { error: json };
}

/** Reads the HTTP rule of an RPC from the table, or from its descriptor. */
function readRule(method: DescMethod): { verb: string; template: string; bodyField: string } {
  const rule = findZitadelRule(method);
  if (rule !== undefined) {
    return { verb: rule.verb, template: rule.path, bodyField: rule.body };
  }
  const { pattern, body } = getOption(method, http);
  const template = typeof pattern.value === "string" ? pattern.value : "";
  return { verb: pattern.case?.toUpperCase() ?? "", template, bodyField: body };
}

async function callGrpc(
  wire: "grpc" | "grpc-web",
  port: number,
  method: DescMethod,
  request: JsonObject,
  headers: RawHeaders,
): Promise<Outcome> {
  const response = await sendRaw(port, {
    version: wire === "grpc" ? 2 : 1,
    method: "POST",
    path: `/${method.parent.typeName}/${method.name}`,
    headers: { ...headers, te: "trailers", "content-type": `application/${wire}+proto` },
    body: encodeEnvelope(0, toBinary(method.input, fromJson(method.input, request))),
  });
  const error = findTrailerError(toHeaders(wire === "grpc" ? response.trailers : response.headers));
  return error === undefined
    ? { ok: decodeFrame(method, response) }
    : { error: toStatusJson(error) };
}

function decodeFrame(method: DescMethod, { body }: RawResponse): JsonObject {
  const message = fromBinary(method.output, body.subarray(5, 5 + body.readUInt32BE(1)));
  return toJson(method.output, message) as JsonObject;
}

const registry = createErrorRegistry();

/** Converts an error to the form of REST. */
export function toStatusJson(error: ConnectError): JsonObject {
  return JSON.parse(encodeErrorResponse(error, registry).body) as JsonObject;
}

function toHeaders(raw: RawHeaders): Headers {
  return new Headers(
    Object.entries(raw).map(([name, value]): [string, string] => [name, String(value)]),
  );
}
