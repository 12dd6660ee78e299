import type { DescMethod } from "@bufbuild/protobuf";
import { knowsOptions } from "../rest/json/fits.js";
import { ownRestMethod, type RestMethod } from "../rest/rule.js";
import { beforeSending } from "./before-sending.js";
import type { JsonCallOptions } from "./json-http.js";

/** How a method travels. To read rules and any messages of others takes protobuf-es's codec, which is loaded then. */
export function restMethodOf(
  method: DescMethod,
  { json }: JsonCallOptions,
): RestMethod | Promise<RestMethod> {
  return (knowsOptions(json) ? ownRestMethod(method) : undefined) ?? foreignMethod(method);
}

async function foreignMethod(method: DescMethod): Promise<RestMethod> {
  const { restMethod } = await import("#foreign");
  return beforeSending(() => restMethod(method));
}
