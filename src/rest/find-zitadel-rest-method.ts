import type { DescMethod } from "@bufbuild/protobuf";
import { httpBindings } from "../../gen/http-bindings.js";
import { compileRule, type HttpRule } from "./compile-rule.js";
import { compactCodecSupports } from "./json/compact-codec-supports.js";
import { compactCodec } from "./json/json-codec.js";
import type { Binding, RestMethod } from "./rest-method.js";

const compiled = new WeakMap<DescMethod, RestMethod>();

/**
 * Returns an RPC of this package's own services with the compact codec, or `undefined` for any other RPC.
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

/**
 * Returns the rule of an RPC of this package's own services. The rules are in a table, because clients without REST load the
 * descriptors too.
 */
export function findZitadelRule(method: DescMethod): HttpRule | undefined {
  const [verb, path, body] = httpBindings[`${method.parent.typeName}/${method.name}`] ?? [];
  return verb === undefined || path === undefined || body === undefined
    ? undefined
    : { verb, path, body };
}
