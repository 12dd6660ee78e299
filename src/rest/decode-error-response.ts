import { isRedirectStatus } from "../utils/is-redirect-status.js";
import { AttemptError } from "../call/attempt-error.js";
import type { Message } from "../utils/message.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { isJsonObject } from "../utils/is-json-object.js";
import { tryParseJson } from "../utils/try-parse-json.js";
import { describeUnexpectedContent } from "./describe-unexpected-content.js";
import { type DetailDecoder, type ErrorDetail, readTypeName } from "./error-details.js";
import { codeFromStatus } from "./http-status.js";
import type { RestResponse } from "./response.js";

/**
 * Decodes the error in a response whose status is not 2xx.
 *
 * The code in the body takes precedence, because several codes share 400, 409 and 500. The status decides only if the body has no
 * code.
 *
 * Supported forms are google.rpc.Status as grpc-gateway writes it, the `{error}` envelope around it that Google and streams use,
 * and Connect's own form. A detail that `decodeDetail` cannot decode keeps the name of its type, and its JSON as `debug`.
 */
export function decodeErrorResponse(
  response: RestResponse,
  decodeDetail: DetailDecoder,
): ConnectError {
  const { status, headers, body } = response;
  if (isRedirectStatus(status)) {
    return new AttemptError(
      describeRedirect(status, headers.get("location")),
      Code.Unknown,
      { misrouting: "redirect" },
      { metadata: headers },
    );
  }
  const text = new TextDecoder().decode(body);
  // Ignore the content type, because proxies rewrite it.
  const json = tryParseJson(text);
  return (
    errorFromJson(json, status, headers, decodeDetail) ??
    new AttemptError(
      describeForeignContent(response, text, json),
      codeFromStatus(status),
      {},
      { metadata: headers },
    )
  );
}

/** Describes the content of a failed response that is not an error of the API. */
function describeForeignContent(
  { status, headers }: RestResponse,
  text: string,
  json: JsonValue | undefined,
): Message {
  if (text === "") {
    return `the server answered HTTP ${status} with an empty body`;
  }
  return json === undefined
    ? describeUnexpectedContent(status, headers.get("content-type") ?? "")
    : `the server answered HTTP ${status} with JSON that is not an error`;
}

/**
 * Returns true if a failed response is a google.rpc.Status with a code, which only the API itself sends. The JSON of proxies has
 * no such code.
 */
export function hasStatusCode({ body }: RestResponse): boolean {
  const json = tryParseJson(new TextDecoder().decode(body));
  return isJsonObject(json) && typeof json["code"] === "number" && json["code"] in Code;
}

/** Returns the error in a JSON value, or `undefined` if there is none. `status` applies if the JSON has no code. */
export function errorFromJson(
  json: JsonValue | undefined,
  status: number,
  headers: Headers,
  decodeDetail: DetailDecoder,
): ConnectError | undefined {
  const outer = Array.isArray(json) ? json[0] : json;
  if (!isJsonObject(outer)) {
    return undefined;
  }
  const {
    code,
    status: name,
    message,
    details,
  } = isJsonObject(outer["error"]) ? outer["error"] : outer;
  // OAuth errors, and errors of grpc-gateway v1, have a text in `error`.
  const text = [message, outer["error_description"], outer["error"]].find(isString);
  const knownCode = codeFromName(name) ?? codeFromName(code) ?? codeFromNumber(code);
  if (knownCode === undefined && !text) {
    return undefined;
  }
  const error = new ConnectError(text ?? "", knownCode ?? codeFromStatus(status), headers);
  error.details = (Array.isArray(details) ? details : [])
    .filter(isJsonObject)
    .map((detail) => toErrorDetail(detail, decodeDetail));
  return error;
}

function toErrorDetail(detail: JsonObject, decodeDetail: DetailDecoder): ErrorDetail {
  const { "@type": url, ...debug } = detail;
  if (isString(detail["type"]) && isString(detail["value"]) && !isString(url)) {
    return toConnectDetail(detail["type"], detail["value"], detail["debug"]);
  }
  const type = readTypeName(url);
  try {
    return { type, value: decodeDetail(detail), debug };
  } catch {
    return { type, value: undecodable, debug };
  }
}

/**
 * Bytes that are invalid for every message (field number 0). They stop findDetails() from decoding a detail that exists only as
 * JSON as an empty message.
 */
const undecodable: Uint8Array = /*@__PURE__*/ Uint8Array.of(0);

function toConnectDetail(type: string, value: string, debug: JsonValue | undefined): ErrorDetail {
  try {
    return { type, value: base64Decode(value), ...(debug !== undefined && { debug }) };
  } catch {
    return { type, value: undecodable, debug: debug ?? value };
  }
}

function codeFromNumber(code: JsonValue | undefined): Code | undefined {
  if (typeof code !== "number") {
    return undefined;
  }
  if (code in Code) {
    return code;
  }
  // Google's envelope has the HTTP status in `code`.
  return code >= 400 && code < 600 ? codeFromStatus(code) : undefined;
}

/** Converts a code name: NOT_FOUND of Google, not_found of Connect. Google spells CANCELLED with two Ls. */
function codeFromName(name: JsonValue | undefined): Code | undefined {
  if (!isString(name)) {
    return undefined;
  }
  const plain = name.replaceAll("_", "").toLowerCase().replace("cancelled", "canceled");
  const key = Object.keys(Code).find((candidate) => candidate.toLowerCase() === plain);
  const code: unknown = key === undefined ? undefined : Code[key as keyof typeof Code];
  return typeof code === "number" ? code : undefined;
}

function describeRedirect(status: number, location: string | null): Message {
  // Omit the query, which may contain tokens. Browsers hide the location altogether.
  const [target] = (location ?? "").split(/[?#]/);
  const statusText = status === 0 ? "a redirect" : `HTTP ${status}, a redirect`;
  return optionText`the server answered ${statusText}${target ? ` to ${target.replace(/\/\/[^/]*@/, "//")}` : ""}, which a call does not follow: check ${phrase.baseUrl}`;
}

function isString(json: JsonValue | undefined): json is string {
  return typeof json === "string";
}
