import { fromJson, getOption, hasOption } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { http } from "../../gen/google/api/annotations_pb.js";
import { type HttpRule, HttpRuleSchema } from "../../gen/google/api/http_pb.js";
import { httpRules } from "../../gen/http-rules.js";
import { gatewayPrefixes } from "./prefix.js";
import { parseTemplate, type Template } from "./template.js";
import { scalarForm } from "./value.js";

/** An RPC as google.api.http describes it. */
export interface RestMethod {
  readonly method: DescMethod;
  /** Stands in front of every path, e.g. `/management/v1`; mostly "". */
  readonly prefix: string;
  /** The rule itself, then its additional bindings. */
  readonly bindings: readonly Binding[];
}

/** One way to reach an RPC over HTTP. */
export interface Binding {
  /** The HTTP method, in capitals unless the rule names a custom one. */
  readonly verb: string;
  readonly template: Template;
  /** For each variable of the template the fields from the request message down to the value. */
  readonly variables: readonly (readonly DescField[])[];
  /** The field that is the body; `"*"`: everything that is not in the path; `undefined`: no body. */
  readonly body: DescField | "*" | undefined;
  /** The response field that is the response body; `undefined`: the whole message. */
  readonly responseBody: DescField | undefined;
}

const compiled = new WeakMap<DescMethod, RestMethod>();

/**
 * Reads, checks and remembers the google.api.http rule of a method.
 *
 * Throws a ConnectError: `unimplemented` when the method has no rule, `internal` when its rule is broken.
 */
export function restMethod(method: DescMethod): RestMethod {
  let rest = compiled.get(method);
  if (rest === undefined) {
    rest = compile(method);
    compiled.set(method, rest);
  }
  return rest;
}

function compile(method: DescMethod): RestMethod {
  const rule = httpRule(method);
  if (rule === undefined) {
    throw new ConnectError(
      `${name(method)} has no google.api.http rule and cannot be called over JSON: use gRPC or gRPC-web`,
      Code.Unimplemented,
    );
  }
  try {
    return {
      method,
      prefix: gatewayPrefixes[method.parent.typeName] ?? "",
      bindings: [rule, ...rule.additionalBindings].map((each) => bind(method, each, each !== rule)),
    };
  } catch (cause) {
    throw new ConnectError(
      `${name(method)}: invalid google.api.http rule: ${cause instanceof Error ? cause.message : String(cause)}`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}

/** The rule in the descriptor; of our own services, whose descriptors travel without, that in the table. */
export function httpRule(method: DescMethod): HttpRule | undefined {
  if (hasOption(method, http)) {
    return getOption(method, http);
  }
  const own = httpRules[`${method.parent.typeName}/${method.name}`];
  return own && fromJson(HttpRuleSchema, own);
}

function bind(method: DescMethod, rule: HttpRule, additional: boolean): Binding {
  if (additional && rule.additionalBindings.length > 0) {
    throw new SyntaxError("additional_bindings must not hold additional_bindings");
  }
  const { verb, path } = pattern(rule);
  const template = parseTemplate(path);
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
    body: rule.body === "*" ? "*" : optionalField(method.input, rule.body, "body"),
    // A response without fields carries nothing that a wrong name could lose.
    responseBody:
      method.output.fields.length === 0
        ? undefined
        : optionalField(method.output, rule.responseBody, "response_body"),
  };
}

function pattern(rule: HttpRule): { verb: string; path: string } {
  const { pattern: chosen } = rule;
  switch (chosen.case) {
    case undefined:
      throw new SyntaxError("it names no HTTP method and path");
    case "custom":
      // fetch refuses CONNECT and TRACE; "*" leaves the choice to nobody.
      if (!/^(?!(?:connect|trace|track|\*)$)[-\w!#$%&'*+.^`|~]+$/i.test(chosen.value.kind)) {
        throw new SyntaxError(`a client cannot send the custom method "${chosen.value.kind}"`);
      }
      return { verb: chosen.value.kind, path: chosen.value.path };
    default:
      return { verb: chosen.case.toUpperCase(), path: chosen.value };
  }
}

function optionalField(
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
  if (kind !== "scalar" && kind !== "enum" && !(message && scalarForm(message))) {
    throw new SyntaxError(`the variable "${path}" is no singular field with a single value`);
  }
  return fields;
}

function name(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}
