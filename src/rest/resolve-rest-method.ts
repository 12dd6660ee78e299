import { Code, ConnectError } from "@connectrpc/connect";
import { fromJson, getOption, hasOption, toJson } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { http } from "../../gen/google/api/annotations_pb.js";
import type { HttpRule as HttpRuleOption } from "../../gen/google/api/http_pb.js";
import { compileRule, formatMethodName, type HttpRule } from "./compile-rule.js";
import { extraEncodings } from "./extra-encodings.js";
import { findZitadelRule } from "./find-zitadel-rest-method.js";
import type { JsonCodec } from "./json/json-codec.js";
import type { RestMethod } from "./rest-method.js";

/** A codec for every message and every option. */
const protobufCodec: JsonCodec = { toJson, fromJson, reflect };

const compiled = new WeakMap<DescMethod, RestMethod>();

/**
 * Returns any method with its google.api.http rule, from the table of ZITADEL's rules or from the descriptor of another service.
 * protobuf-es encodes and decodes the messages.
 *
 * Throws a ConnectError: `unimplemented` if the method has no rule, `internal` if its rule is invalid.
 */
export function resolveRestMethod(method: DescMethod): RestMethod {
  const known = compiled.get(method);
  if (known !== undefined) {
    return known;
  }
  const zitadelRule = findZitadelRule(method);
  if (zitadelRule === undefined && !hasOption(method, http)) {
    throw new ConnectError(
      `${formatMethodName(method)} has no google.api.http rule and cannot be called over JSON: use gRPC or gRPC-web`,
      Code.Unimplemented,
    );
  }
  const rule = compileRule(
    method,
    protobufCodec,
    () => zitadelRule ?? toHttpRule(getOption(method, http)),
  );
  const rest: RestMethod = { ...rule, extraEncodings };
  compiled.set(method, rest);
  return rest;
}

function toHttpRule(option: HttpRuleOption): HttpRule {
  const { body, responseBody } = option;
  const additionalBindings = option.additionalBindings.map(toHttpRule);
  return { ...readVerbAndPath(option), body, responseBody, additionalBindings };
}

function readVerbAndPath({ pattern }: HttpRuleOption): { verb: string; path: string } {
  switch (pattern.case) {
    case undefined:
      throw new SyntaxError("it names no HTTP method and path");
    case "custom":
      // fetch rejects CONNECT and TRACE, and "*" leaves the method open.
      if (!/^(?!(?:connect|trace|track|\*)$)[-\w!#$%&'*+.^`|~]+$/i.test(pattern.value.kind)) {
        throw new SyntaxError(`a client cannot send the custom method "${pattern.value.kind}"`);
      }
      return { verb: pattern.value.kind, path: pattern.value.path };
    default:
      return { verb: pattern.case.toUpperCase(), path: pattern.value };
  }
}
