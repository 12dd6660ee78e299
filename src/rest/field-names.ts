import type { DescField } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../call/connect-error.js";
import type { RestMethod } from "./compile-rule.js";
import { formatUrlValue, type UrlValueOptions } from "./format-url-value.js";

/** Returns the proto names of a chain of fields, joined by dots. */
export function toFieldPath(chain: readonly DescField[]): string {
  return chain.map((field) => field.name).join(".");
}

export function toJsonKey(field: DescField, options: UrlValueOptions): string {
  return options.useProtoFieldName ? field.name : field.jsonName;
}

/** Returns the text of a value for the URL, before escaping. Throws `invalid_argument` if the value has no such text. */
export function encodeUrlValue(
  rest: RestMethod,
  path: string,
  field: DescField,
  value: unknown,
  options: UrlValueOptions,
): string {
  try {
    const text = formatUrlValue(rest.codec, field, value, options);
    encodeURIComponent(text);
    return text;
  } catch {
    throw invalid(
      rest,
      `field "${path}" cannot be part of a URL: ${field.message ? "it is out of range" : "it holds half of a surrogate pair"}`,
    );
  }
}

/** Creates the error for a message that cannot be sent. `reason` must name fields, never values. */
export function invalid({ method }: RestMethod, reason: string): ConnectError {
  return connectError("invalid_argument", `${method.parent.name}.${method.name}: ${reason}`);
}
