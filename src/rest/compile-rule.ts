import { Code, ConnectError } from "@connectrpc/connect";
import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { hasScalarJsonForm } from "./format-url-value.js";
import { gatewayPrefixes } from "./gateway-prefixes.js";
import type { JsonCodec } from "./json/json-codec.js";
import { parsePathTemplate } from "./path-template.js";
import type { Binding, RestMethod } from "./rest-method.js";
import { isError } from "../utils/is-error.js";

/** A google.api.http rule in plain form. */
export interface HttpRule {
  readonly verb: string;
  readonly path: string;
  /** The proto name of a field, `"*"`, or "" for no body. */
  readonly body: string;
  readonly responseBody?: string;
  readonly additionalBindings?: readonly HttpRule[];
}

/** Compiles the rule of a method. Throws a ConnectError with `internal` if the rule is invalid. */
export function compileRule(
  method: DescMethod,
  codec: JsonCodec,
  readRule: () => HttpRule,
): RestMethod {
  try {
    const rule = readRule();
    return {
      method,
      codec,
      prefix: gatewayPrefixes[method.parent.typeName] ?? "",
      bindings: [rule, ...(rule.additionalBindings ?? [])].map((each) =>
        compileBinding(method, each, each !== rule),
      ),
    };
  } catch (cause) {
    throw new ConnectError(
      `${formatMethodName(method)}: invalid google.api.http rule: ${isError(cause) ? cause.message : String(cause)}`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}

function compileBinding(method: DescMethod, rule: HttpRule, isAdditional: boolean): Binding {
  if (isAdditional && rule.additionalBindings?.length) {
    throw new SyntaxError("additional_bindings must not contain additional_bindings");
  }
  const { verb, path } = rule;
  const template = parsePathTemplate(path);
  const isNamed = (index: number) =>
    template.variables.some(({ start, end }) => start <= index && index < end);
  if (template.segments.some((segment, index) => segment.startsWith("*") && !isNamed(index))) {
    throw new SyntaxError(
      `a wildcard of "${path}" belongs to no variable and has no value to send`,
    );
  }
  if (rule.body !== "" && /^(?:get|head)$/i.test(verb)) {
    throw new SyntaxError(`a ${verb} request has no body`);
  }
  return {
    verb,
    template,
    variables: template.variables.map((variable) => resolveFieldPath(method.input, variable.path)),
    body: rule.body === "*" ? "*" : findOptionalField(method.input, rule.body, "body"),
    // A response without fields has no data that a wrong name could lose.
    responseBody:
      method.output.fields.length === 0
        ? undefined
        : findOptionalField(method.output, rule.responseBody ?? "", "response_body"),
  };
}

function findOptionalField(
  message: DescMessage,
  fieldName: string,
  option: string,
): DescField | undefined {
  return fieldName === "" ? undefined : findRequiredField(message, fieldName, option);
}

function findRequiredField(message: DescMessage, fieldName: string, option: string): DescField {
  const field = message.fields.find((candidate) => candidate.name === fieldName);
  if (field === undefined) {
    throw new SyntaxError(
      `${option} names "${fieldName}", but ${message.typeName} has no such field`,
    );
  }
  return field;
}

/** Returns the fields of a dotted path. Throws a SyntaxError if the path does not lead to a single value. */
function resolveFieldPath(root: DescMessage, path: string): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = root;
  for (const part of path.split(".")) {
    if (message === undefined) {
      throw new SyntaxError(`the variable "${path}" goes through a field that is not a message`);
    }
    const field = findRequiredField(message, part, "a variable");
    fields.push(field);
    message = field.fieldKind === "message" ? field.message : undefined;
  }
  const kind = fields.at(-1)?.fieldKind;
  if (kind !== "scalar" && kind !== "enum" && !(message && hasScalarJsonForm(message))) {
    throw new SyntaxError(
      `the variable "${path}" must lead to a single field with one value, not a list, map or message`,
    );
  }
  return fields;
}

/** Returns the full name of a method for errors. */
export function formatMethodName(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}
