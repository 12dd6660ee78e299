import type { DescField } from "@bufbuild/protobuf";
import { encodeUrlValue } from "./encode-url-value.js";
import { toFieldPath } from "./field-names.js";
import type { MessageView } from "./json/message-view.js";
import { hasImplicitPresence } from "./has-implicit-presence.js";
import type { Binding, RestMethod } from "./rest-method.js";
import { acceptsValue, expandPathTemplate, splitVariableValue } from "./expand-path-template.js";
import { createInvalidMessageError } from "./invalid-message-error.js";
import type { UrlValueOptions } from "./format-url-value.js";

/** Encodes the escaped path of a binding. Returns `undefined` if a variable has no value or a value that does not fit. */
export function encodePath(
  rest: RestMethod,
  { template, variables }: Binding,
  root: MessageView,
  options: UrlValueOptions,
): string | undefined {
  const values = variables.map((chain) => readPathValue(rest, chain, root, options));
  const path = expandPathTemplate(template, values);
  if (path === undefined) {
    return undefined;
  }
  for (const [index, variable] of template.variables.entries()) {
    const pieces = splitVariableValue(template, variable, values[index] ?? "");
    if (pieces.includes("") || pieces.includes(".") || pieces.includes("..")) {
      // URL parsers and Go's routers drop such segments, so the request would reach another resource.
      throw createInvalidMessageError(
        rest,
        `field "${variable.path}" is part of the path ${template.source} and must not be or contain an empty, "." or ".." segment`,
      );
    }
  }
  return path;
}

/** Returns the reason why a binding has no path for a message. */
export function explainMismatch(
  rest: RestMethod,
  { template, variables }: Binding,
  root: MessageView,
  options: UrlValueOptions,
): string {
  const index = variables.findIndex((chain, at) => {
    const variable = template.variables[at];
    return variable && !acceptsValue(template, variable, readPathValue(rest, chain, root, options));
  });
  const { path, start, end } = template.variables[index] ?? { path: "", start: 0, end: 0 };
  const form = template.segments.slice(start, end).join("/");
  return form.startsWith("*")
    ? `field "${path}" must not be empty: it is part of the path ${template.source}`
    : `field "${path}" must have the form "${form}" for the path ${template.source}`;
}

/** Returns the text of a path variable, or "" if the field is not set. No variable accepts "". */
function readPathValue(
  rest: RestMethod,
  chain: readonly DescField[],
  root: MessageView,
  options: UrlValueOptions,
): string {
  let message = root;
  for (const field of chain) {
    // A zero without presence is a valid value: `0`, `false`, the first name of an enum.
    if (!message.isSet(field) && !hasImplicitPresence(field)) {
      return "";
    }
    const value: unknown = message.get(field);
    if (field === chain.at(-1)) {
      return encodeUrlValue(rest, toFieldPath(chain), field, value, options);
    }
    if (field.message !== undefined) {
      message = value as MessageView;
    }
  }
  return "";
}
