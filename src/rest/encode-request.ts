import type { Message } from "@bufbuild/protobuf";
import { encodeRequestBody, type RequestBody } from "./encode-request-body.js";
import { encodePath, explainMismatch } from "./encode-path.js";
import type { UrlValueOptions } from "./format-url-value.js";
import { createInvalidMessageError } from "./invalid-message-error.js";
import { percentEncode } from "./percent-encoding.js";
import type { Binding, RestMethod } from "./rest-method.js";

/** The target of a request: its HTTP method and URL, without the base URL. */
interface RestTarget {
  readonly binding: Binding;
  /** The HTTP method. */
  readonly verb: string;
  /** The escaped path with the prefix of the service, without the query. */
  readonly path: string;
  /** The query parameters in order, not escaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** An HTTP request without the base URL. */
export interface RestRequest extends RestTarget, RequestBody {}

/**
 * Encodes a message as an HTTP request: its path, its query and its body.
 *
 * Throws a ConnectError with `invalid_argument` if no binding of the rule fits, if a value cannot be part of a path, or if a
 * field for the query has no form there. Nothing is sent in these cases. The error names the field, never its value.
 */
export function encodeRequest(
  rest: RestMethod,
  message: Message,
  options: UrlValueOptions = {},
): RestRequest {
  const target = encodeTarget(rest, message, options);
  return { ...target, ...encodeRequestBody(rest, target.binding, message, options) };
}

/** Encodes only the target of a request. Throws the same errors as `encodeRequest`. */
export function encodeTarget(
  rest: RestMethod,
  message: Message,
  options: UrlValueOptions,
): RestTarget {
  const fields = rest.codec.reflect(rest.method.input, message);
  for (const binding of rest.bindings) {
    const path = encodePath(rest, binding, fields, options);
    if (path !== undefined) {
      const query = rest.extraEncodings?.encodeQuery(rest, binding, fields, options) ?? [];
      return { binding, verb: binding.verb, path: rest.prefix + path, query };
    }
  }
  const reasons = rest.bindings.map((binding) => explainMismatch(rest, binding, fields, options));
  throw createInvalidMessageError(rest, reasons.join(", or "));
}

/**
 * Returns path and query as one text with strict escapes: a space is `%20` and a plus is `%2B`, which every server decodes alike.
 */
export function formatTarget({ path, query }: RestTarget): string {
  const pairs = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}
