import type { DescField } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../connect-error.js";
import type { RestMethod } from "./rule.js";
import { valueText, type ValueOptions } from "./value.js";

/** The proto names of a chain of fields, dotted. */
export function pathOf(chain: readonly DescField[]): string {
  return chain.map((field) => field.name).join(".");
}

export function jsonKey(field: DescField, options: ValueOptions): string {
  return options.useProtoFieldName ? field.name : field.jsonName;
}

/** The text of a value for the URL, before escaping. Throws `invalid_argument` when it has none. */
export function urlText(
  rest: RestMethod,
  path: string,
  field: DescField,
  value: unknown,
  options: ValueOptions,
): string {
  try {
    const text = valueText(rest.codec, field, value, options);
    encodeURIComponent(text);
    return text;
  } catch {
    throw invalid(
      rest,
      `field "${path}" cannot be part of a URL: ${field.message ? "it is out of range" : "it holds half of a surrogate pair"}`,
    );
  }
}

/** The error for a message that cannot be sent. The reason names fields, never values. */
export function invalid({ method }: RestMethod, reason: string): ConnectError {
  return connectError("invalid_argument", `${method.parent.name}.${method.name}: ${reason}`);
}
