import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { connectError } from "../call/connect-error.js";
import { httpBindings } from "../../gen/http-bindings.js";
import type { ExtraEncodings } from "./extra-encodings.js";
import { type JsonCodec, compactCodec } from "./json/json-codec.js";
import { compactCodecSupports } from "./json/codec-support.js";
import { gatewayPrefixes } from "./gateway-prefixes.js";
import { parsePathTemplate, type Template } from "./path-template.js";
import { hasScalarJsonForm } from "./format-url-value.js";

/** An RPC with its google.api.http rule. */
export interface RestMethod {
  readonly method: DescMethod;
  /** The prefix of every path, e.g. `/management/v1`. Mostly "". */
  readonly prefix: string;
  /** The binding of the rule itself, then its additional bindings. */
  readonly bindings: readonly Binding[];
  /** The codec for the JSON form of the request and response messages. */
  readonly codec: JsonCodec;
  /** The encodings that only RPCs of other APIs need. */
  readonly forms?: ExtraEncodings;
}

/** One way to call an RPC over HTTP. */
export interface Binding {
  /** The HTTP method, in capitals unless the rule names a custom one. */
  readonly verb: string;
  readonly template: Template;
  /** The fields from the request message down to the value, for each variable of the template. */
  readonly variables: readonly (readonly DescField[])[];
  /** The field that is the body. `"*"` stands for everything that is not in the path, `undefined` for no body. */
  readonly body: DescField | "*" | undefined;
  /** The response field that is the response body. `undefined` stands for the whole message. */
  readonly responseBody: DescField | undefined;
}

/** A google.api.http rule in plain form. */
export interface HttpRule {
  readonly verb: string;
  readonly path: string;
  /** The proto name of a field, `"*"`, or "" for no body. */
  readonly body: string;
  readonly responseBody?: string;
  readonly additionalBindings?: readonly HttpRule[];
}

const compiled = new WeakMap<DescMethod, RestMethod>();

/**
 * Returns one of our own RPCs, with a codec for our own messages, or `undefined` for any other RPC.
 *
 * Descriptors of a later ZITADEL may have messages that this codec does not support; these RPCs are `undefined` too.
 */
export function findZitadelRestMethod(method: DescMethod): RestMethod | undefined {
  const known = compiled.get(method);
  if (known !== undefined) {
    return known;
  }
  const rule = findZitadelRule(method);
  if (
    rule === undefined ||
    !compactCodecSupports(method.input) ||
    !compactCodecSupports(method.output)
  ) {
    return undefined;
  }
  const rest = compileRule(method, compactCodec, () => rule);
  if (!rest.bindings.every((binding) => needsNoQuery(method, binding))) {
    return undefined;
  }
  compiled.set(method, rest);
  return rest;
}

function needsNoQuery({ input }: DescMethod, { body, variables }: Binding): boolean {
  return (
    body === "*" ||
    input.fields.every((field) => field === body || variables.some(([first]) => field === first))
  );
}

/** Returns the rule of one of our own RPCs. Rules are in a table, because clients without REST load the descriptors too. */
export function findZitadelRule(method: DescMethod): HttpRule | undefined {
  const [verb, path, body] = httpBindings[`${method.parent.typeName}/${method.name}`] ?? [];
  return verb === undefined || path === undefined || body === undefined
    ? undefined
    : { verb, path, body };
}

/** Compiles the rule of a method. Throws a ConnectError with `internal` if the rule is invalid. */
export function compileRule(
  method: DescMethod,
  codec: JsonCodec,
  read: () => HttpRule,
): RestMethod {
  try {
    const rule = read();
    return {
      method,
      codec,
      prefix: gatewayPrefixes[method.parent.typeName] ?? "",
      bindings: [rule, ...(rule.additionalBindings ?? [])].map((each) =>
        bind(method, each, each !== rule),
      ),
    };
  } catch (cause) {
    throw connectError(
      "internal",
      `${formatMethodName(method)}: invalid google.api.http rule: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

function bind(method: DescMethod, rule: HttpRule, additional: boolean): Binding {
  if (additional && rule.additionalBindings?.length) {
    throw new SyntaxError("additional_bindings must not hold additional_bindings");
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
    variables: template.variables.map((variable) => resolve(method.input, variable.path)),
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
  return fieldName === "" ? undefined : findField(message, fieldName, option);
}

function findField(message: DescMessage, fieldName: string, where: string): DescField {
  const field = message.fields.find((candidate) => candidate.name === fieldName);
  if (field === undefined) {
    throw new SyntaxError(
      `${where} names "${fieldName}", which is no field of ${message.typeName}`,
    );
  }
  return field;
}

function resolve(root: DescMessage, path: string): DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = root;
  for (const part of path.split(".")) {
    if (message === undefined) {
      throw new SyntaxError(`the variable "${path}" goes through a field that is no message`);
    }
    const field = findField(message, part, "a variable");
    fields.push(field);
    message = field.fieldKind === "message" ? field.message : undefined;
  }
  const leaf = fields.at(-1);
  const kind = leaf?.fieldKind;
  if (kind !== "scalar" && kind !== "enum" && !(message && hasScalarJsonForm(message))) {
    throw new SyntaxError(`the variable "${path}" is no singular field with a single value`);
  }
  return fields;
}

/** Returns the full name of a method for errors. */
export function formatMethodName(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}
