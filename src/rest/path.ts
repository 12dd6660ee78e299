import type { DescField } from "@bufbuild/protobuf";
import { invalid, pathOf, urlText } from "./field.js";
import type { MessageView } from "./json/view.js";
import { isImplicit } from "./presence.js";
import type { Binding, RestMethod } from "./rule.js";
import { accepts, expand, splitValue } from "./template.js";
import type { ValueOptions } from "./value.js";

/** Encodes the escaped path of a binding. Returns `undefined` if a variable has no value or a value that does not fit. */
export function encodePath(
  rest: RestMethod,
  { template, variables }: Binding,
  root: MessageView,
  options: ValueOptions,
): string | undefined {
  const values = variables.map((chain) => pathValue(rest, chain, root, options));
  const path = expand(template, values);
  if (path === undefined) {
    return undefined;
  }
  for (const [index, variable] of template.variables.entries()) {
    const pieces = splitValue(template, variable, values[index] ?? "");
    if (pieces.includes("") || pieces.includes(".") || pieces.includes("..")) {
      // URL parsers and Go's routers drop such segments, so the request would reach another resource.
      throw invalid(
        rest,
        `field "${variable.path}" is part of the path ${template.source} and must not be or contain an empty, "." or ".." segment`,
      );
    }
  }
  return path;
}

/** Returns the reason why a binding has no path for a message. */
export function mismatch(
  rest: RestMethod,
  { template, variables }: Binding,
  root: MessageView,
  options: ValueOptions,
): string {
  const index = variables.findIndex((chain, at) => {
    const variable = template.variables[at];
    return variable && !accepts(template, variable, pathValue(rest, chain, root, options));
  });
  const { path, start, end } = template.variables[index] ?? { path: "", start: 0, end: 0 };
  const form = template.segments.slice(start, end).join("/");
  return form.startsWith("*")
    ? `field "${path}" must not be empty: it is part of the path ${template.source}`
    : `field "${path}" must have the form "${form}" for the path ${template.source}`;
}

/** Returns the text of a path variable, or "" if the field is not set. No variable accepts "". */
function pathValue(
  rest: RestMethod,
  chain: readonly DescField[],
  root: MessageView,
  options: ValueOptions,
): string {
  let message = root;
  for (const field of chain) {
    // A zero without presence is a valid value: `0`, `false`, the first name of an enum.
    if (!message.isSet(field) && !isImplicit(field)) {
      return "";
    }
    const value: unknown = message.get(field);
    if (field === chain.at(-1)) {
      return urlText(rest, pathOf(chain), field, value, options);
    }
    if (field.message !== undefined) {
      message = value as MessageView;
    }
  }
  return "";
}
