import type { DescField, JsonValue, Message } from "@bufbuild/protobuf";
import { createBadRequestError } from "./bad-request-error.js";
import { decodeQuery } from "./decode-query.js";
import { decodeRequestBody } from "./decode-request-body.js";
import { toFieldPath } from "../../rest/field-names.js";
import { mergeUrlValue } from "./merge-url-value.js";
import { parseUrlValue } from "./parse-url-value.js";
import type { Binding, RestMethod } from "../../rest/rest-method.js";

/** The parts of a request from which a binding decodes the message. */
interface IncomingRequest {
  /** The result of `matchPathTemplate`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Decodes a request message as grpc-gateway v2 does in ZITADEL's configuration.
 *
 * The decoder merges the body, then the query, then the path variables; later values replace earlier ones. It ignores unknown
 * fields, enum names and query names, and everything after the first JSON value. An empty or blank body gives an empty message,
 * and so does any body if the rule has none.
 *
 * Throws a ConnectError with `invalid_argument`. Errors about the body have the text of the server. Errors about the query and the
 * path only resemble it.
 */
export function decodeRequest(
  rest: RestMethod,
  binding: Binding,
  request: IncomingRequest,
): Message {
  const { input: desc } = rest.method;
  const message = decodeRequestBody(desc, binding.body, request.contentType, request.body);
  decodeQuery(desc, binding, request.query, message);
  for (const chain of binding.variables) {
    const path = toFieldPath(chain);
    const value = requireVariable(chain.at(-1), path, request.variables[path] ?? "");
    mergeUrlValue(desc, message, chain, value);
  }
  return message;
}

/** Converts the value of a path variable to JSON. Throws `invalid_argument` if the text is not a value of the field. */
function requireVariable(field: DescField | undefined, path: string, text: string): JsonValue {
  const value = field && parseUrlValue(field, text);
  if (value === undefined) {
    throw createBadRequestError(`type mismatch, parameter: ${path}, error: ${text} is not valid`);
  }
  return value;
}
