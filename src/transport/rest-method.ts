import type { DescMethod } from "@bufbuild/protobuf";
import { compactCodecSupportsOptions as knowsOptions } from "../rest/json/compact-codec-supports.js";
import { findZitadelRestMethod as ownRestMethod } from "../rest/find-zitadel-rest-method.js";
import type { RestMethod } from "../rest/rest-binding.js";
import { beforeSending } from "./before-sending.js";
import type { JsonCallOptions } from "./json-http.js";

/** Returns the HTTP mapping of a method. Foreign rules and messages need protobuf-es's JSON codec, which is loaded on demand. */
export function restMethodOf(
  method: DescMethod,
  { json }: JsonCallOptions,
): RestMethod | Promise<RestMethod> {
  return (knowsOptions(json) ? ownRestMethod(method) : undefined) ?? foreignMethod(method);
}

async function foreignMethod(method: DescMethod): Promise<RestMethod> {
  const { resolveRestMethod: restMethod } = await import("#other-services");
  return beforeSending(() => restMethod(method));
}
