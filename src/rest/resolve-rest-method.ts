import { fromJson, getOption, hasOption, toJson } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { http } from "../../gen/google/api/annotations_pb.js";
import type { HttpRule as HttpRuleMessage } from "../../gen/google/api/http_pb.js";
import { connectError } from "../call/connect-error.js";
import { extraEncodings } from "./extra-encodings.js";
import type { JsonCodec } from "./json/json-codec.js";
import {
  compileRule,
  type HttpRule,
  formatMethodName,
  findZitadelRule,
  type RestMethod,
} from "./compile-rule.js";

/** A codec for every message and every option. */
const codec: JsonCodec = { toJson, fromJson, reflect };

const compiled = new WeakMap<DescMethod, RestMethod>();

/**
 * Returns the google.api.http rule of any method: from our own table, or from the descriptor of another API. protobuf-es encodes
 * and decodes its messages.
 *
 * Throws a ConnectError: `unimplemented` if the method has no rule, `internal` if its rule is invalid.
 */
export function resolveRestMethod(method: DescMethod): RestMethod {
  const known = compiled.get(method);
  if (known !== undefined) {
    return known;
  }
  const own = findZitadelRule(method);
  if (own === undefined && !hasOption(method, http)) {
    throw connectError(
      "unimplemented",
      `${formatMethodName(method)} has no google.api.http rule and cannot be called over JSON: use gRPC or gRPC-web`,
    );
  }
  const rule = compileRule(method, codec, () => own ?? plain(getOption(method, http)));
  const rest: RestMethod = { ...rule, forms: extraEncodings };
  compiled.set(method, rest);
  return rest;
}

function plain(rule: HttpRuleMessage): HttpRule {
  const { body, responseBody } = rule;
  const additionalBindings = rule.additionalBindings.map(plain);
  return { ...pattern(rule), body, responseBody, additionalBindings };
}

function pattern(rule: HttpRuleMessage): { verb: string; path: string } {
  const { pattern: chosen } = rule;
  switch (chosen.case) {
    case undefined:
      throw new SyntaxError("it names no HTTP method and path");
    case "custom":
      // fetch rejects CONNECT and TRACE, and "*" leaves the method open.
      if (!/^(?!(?:connect|trace|track|\*)$)[-\w!#$%&'*+.^`|~]+$/i.test(chosen.value.kind)) {
        throw new SyntaxError(`a client cannot send the custom method "${chosen.value.kind}"`);
      }
      return { verb: chosen.value.kind, path: chosen.value.path };
    default:
      return { verb: chosen.case.toUpperCase(), path: chosen.value };
  }
}
