import type { DescField } from "@bufbuild/protobuf";
import { formatUrlValue, type UrlValueOptions } from "./format-url-value.js";
import { createInvalidMessageError } from "./invalid-message-error.js";
import type { RestMethod } from "./rest-method.js";

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
    // Throws for half of a surrogate pair.
    encodeURIComponent(text);
    return text;
  } catch {
    throw createInvalidMessageError(
      rest,
      `field "${path}" cannot be part of a URL: ${field.message ? "it is out of range" : "it contains half of a surrogate pair"}`,
    );
  }
}
