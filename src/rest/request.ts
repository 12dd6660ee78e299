import type { Message } from "@bufbuild/protobuf";
import { encodeBody, type EncodedBody } from "./body.js";
import { invalid } from "./field.js";
import { encodePath, mismatch } from "./path.js";
import type { Binding, RestMethod } from "./rule.js";
import { percentEncode } from "./template.js";
import type { ValueOptions } from "./value.js";

/** Where a request goes. */
export interface RestTarget {
  readonly binding: Binding;
  /** The HTTP method. */
  readonly verb: string;
  /** Escaped, with the prefix of the service, without the query. */
  readonly path: string;
  /** Names and values in order, not escaped. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** An HTTP request without the base URL. */
export interface RestRequest extends RestTarget, EncodedBody {}

/**
 * The HTTP request for a message: its path, its query and its body.
 *
 * Throws a ConnectError with `invalid_argument`, and nothing is to be sent, when no binding of the rule fits, when a
 * value cannot stand in a path, or when a field that is left for the query has no form there. It names the field, never
 * its value.
 */
export function encodeRequest(
  rest: RestMethod,
  message: Message,
  options: ValueOptions = {},
): RestRequest {
  const target = encodeTarget(rest, message, options);
  return { ...target, ...encodeBody(rest, target.binding, message, options) };
}

/** The part of `encodeRequest` that gives the URL. Throws as it does. */
export function encodeTarget(
  rest: RestMethod,
  message: Message,
  options: ValueOptions = {},
): RestTarget {
  const fields = rest.codec.reflect(rest.method.input, message);
  for (const binding of rest.bindings) {
    const path = encodePath(rest, binding, fields, options);
    if (path !== undefined) {
      const query = rest.forms?.encodeQuery(rest, binding, fields, options) ?? [];
      return { binding, verb: binding.verb, path: rest.prefix + path, query };
    }
  }
  const reasons = rest.bindings.map((binding) => mismatch(rest, binding, fields, options));
  throw invalid(rest, reasons.join(", or "));
}

/** Path and query in one, escaped strictly: a space is `%20` and a plus `%2B`, which every server reads alike. */
export function targetText({ path, query }: RestTarget): string {
  const pairs = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}
