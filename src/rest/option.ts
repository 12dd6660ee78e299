import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { http } from "../../gen/google/api/annotations_pb.js";
import type { HttpRule as HttpRuleMessage } from "../../gen/google/api/http_pb.js";
import { connectError } from "../connect-error.js";
import {
  compiledRule,
  compileRule,
  type HttpRule,
  nameOf,
  ownRestMethod,
  type RestMethod,
} from "./rule.js";

/**
 * The google.api.http rule of any method: our own, or that in the descriptor of a service of others.
 *
 * Throws a ConnectError: `unimplemented` when the method has no rule, `internal` when its rule is broken.
 */
export function restMethod(method: DescMethod): RestMethod {
  const known = compiledRule(method) ?? ownRestMethod(method);
  if (known !== undefined) {
    return known;
  }
  if (!hasOption(method, http)) {
    throw connectError(
      "unimplemented",
      `${nameOf(method)} has no google.api.http rule and cannot be called over JSON: use gRPC or gRPC-web`,
    );
  }
  return compileRule(method, () => plain(getOption(method, http)));
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
      // fetch refuses CONNECT and TRACE; "*" leaves the choice to nobody.
      if (!/^(?!(?:connect|trace|track|\*)$)[-\w!#$%&'*+.^`|~]+$/i.test(chosen.value.kind)) {
        throw new SyntaxError(`a client cannot send the custom method "${chosen.value.kind}"`);
      }
      return { verb: chosen.value.kind, path: chosen.value.path };
    default:
      return { verb: chosen.case.toUpperCase(), path: chosen.value };
  }
}
