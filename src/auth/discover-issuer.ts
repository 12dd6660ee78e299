import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { parseUrl } from "../utils/parse-url.js";
import { type CheckedEndpointOptions, findAddressProblem } from "./endpoint-options.js";
import { type IssuerRequest, sendIssuerRequest } from "./issuer-request.js";
import { quoteIssuerText } from "./quote-issuer-text.js";
import { tokenError } from "./token-error.js";
import type { TokenRequest } from "./token-supplier.js";
import { unexpectedResponseError } from "./unexpected-response-error.js";

/** An issuer of tokens, and the state of its clock. */
export interface Issuer {
  readonly metadata: oauth.AuthorizationServer & { readonly token_endpoint: string };
  /** The lead of the issuer's clock over the local clock, in milliseconds; 0 until a response has a `Date` header. */
  clockOffsetMs: number;
}

/**
 * Returns the issuer with the given name, which is its URL. Reads its discovery document unless the options have the address of
 * the token endpoint. Throws `failed_precondition` if the document belongs to another issuer or another server.
 */
export async function discoverIssuer(
  name: string,
  request: TokenRequest,
  { tokenEndpoint, allowInsecureAuth }: CheckedEndpointOptions,
): Promise<Issuer> {
  if (tokenEndpoint !== undefined) {
    return { metadata: { issuer: name, token_endpoint: tokenEndpoint }, clockOffsetMs: 0 };
  }
  const isApi = new URL(name).origin === new URL(request.baseUrl).origin;
  const isInsecureAllowed = allowInsecureAuth || (isApi && request.allowInsecureAuth === true);
  const problem = findAddressProblem(new URL(name), isInsecureAllowed);
  if (problem !== undefined) {
    throw tokenError(`the issuer ${problem}`, Code.FailedPrecondition);
  }
  const discovery: IssuerRequest = {
    endpoint: "the discovery document",
    url: `${name}/.well-known/openid-configuration`,
    issuer: name,
    tokenRequest: request,
  };
  const {
    response,
    json,
    clockOffsetMs = 0,
  } = await sendIssuerRequest(discovery, (customFetch) =>
    // Not discoveryRequest of oauth4webapi, which changes the path of a URL object: React Native's URL cannot do that.
    customFetch(discovery.url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: request.signal,
    }),
  );
  if (response.status !== 200 || typeof json["issuer"] !== "string") {
    throw unexpectedResponseError(discovery, response);
  }
  return { metadata: await checkIssuerMetadata(name, json, json["issuer"]), clockOffsetMs };
}

async function checkIssuerMetadata(
  name: string,
  json: Readonly<Record<string, unknown>>,
  claimedName: string,
): Promise<Issuer["metadata"]> {
  let metadata: oauth.AuthorizationServer;
  try {
    metadata = await oauth.processDiscoveryResponse(new URL(name), toJsonResponse(json));
  } catch {
    throw tokenError(
      `the server at ${name} calls itself ${quoteIssuerText(claimedName)}; use that address as the base URL, or pass it as issuer`,
      Code.FailedPrecondition,
    );
  }
  const { token_endpoint: address = "" } = metadata;
  const endpoint = parseUrl(address);
  if (endpoint === undefined) {
    throw tokenError(
      `the discovery document of ${name} names no token endpoint; pass its address as tokenEndpoint`,
      Code.FailedPrecondition,
    );
  }
  if (endpoint.origin !== new URL(name).origin) {
    throw tokenError(
      `the discovery document of ${name} names a token endpoint elsewhere, at ${quoteIssuerText(endpoint.origin)}; ` +
        "credentials go there only if you pass its address as tokenEndpoint",
      Code.FailedPrecondition,
    );
  }
  return { ...metadata, token_endpoint: endpoint.href };
}

/** Wraps JSON that was already read in a Response, which oauth4webapi expects. */
export function toJsonResponse(json: unknown): Response {
  return new Response(JSON.stringify(json), { headers: { "content-type": "application/json" } });
}
