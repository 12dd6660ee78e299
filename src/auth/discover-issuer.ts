import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { parseUrl } from "../utils/parse-url.js";
import { type CheckedEndpointOptions, findAddressProblem } from "./endpoint-options.js";
import { type IssuerRequest, sendIssuerRequest } from "./issuer-request.js";
import { quoteIssuerText } from "./quote-issuer-text.js";
import { readInstanceHost } from "../zitadel/instance-host.js";
import { createTokenError } from "./token-error.js";
import type { TokenRequest } from "./token-supplier.js";
import { createUnexpectedResponseError } from "./unexpected-response-error.js";

/** An issuer of tokens, and the state of its clock. */
export interface Issuer {
  readonly metadata: oauth.AuthorizationServer & { readonly token_endpoint: string };
  /** The lead of the issuer's clock over the local clock, in milliseconds; 0 until a response has a `Date` header. */
  clockOffsetMs: number;
}

/**
 * Returns the issuer for a request: the issuer in the options, or else the issuer of the API. Reads its discovery document unless
 * the options have the address of the token endpoint. Throws `failed_precondition` if the document belongs to another issuer or
 * another server.
 */
export async function discoverIssuer(
  request: TokenRequest,
  options: CheckedEndpointOptions,
): Promise<Issuer> {
  const place = placeOf(request, options);
  const { tokenEndpoint } = options;
  if (tokenEndpoint !== undefined) {
    if (place.instanceHost !== undefined) {
      throw createTokenError(
        `instanceHost and tokenEndpoint leave the scheme of the issuer open: pass the issuer too, e.g. issuer: "https://${place.instanceHost}"`,
        Code.FailedPrecondition,
      );
    }
    return { metadata: { issuer: place.address, token_endpoint: tokenEndpoint }, clockOffsetMs: 0 };
  }
  const address = new URL(place.address);
  checkDestination("issuer", address, request, options);
  const discovery: IssuerRequest = {
    endpoint: "the discovery document",
    url: `${place.address}/.well-known/openid-configuration`,
    issuer: place.instanceHost ?? place.address,
    tokenRequest: request,
  };
  const {
    response,
    json,
    clockOffsetMs = 0,
  } = await sendIssuerRequest(discovery, (customFetch) =>
    // `discoveryRequest` of oauth4webapi changes the path of a URL object, which React Native's URL cannot do.
    customFetch(discovery.url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: request.signal,
    }),
  );
  if (response.status !== 200 || typeof json["issuer"] !== "string") {
    throw createUnexpectedResponseError(discovery, response);
  }
  return { metadata: await checkIssuerMetadata(place, json, json["issuer"]), clockOffsetMs };
}

/** Throws `failed_precondition` if credentials of a request must not be sent to `url`, the address of `name`. */
export function checkDestination(
  name: string,
  url: URL,
  { baseUrl, allowInsecureAuth, hasProxy = false }: TokenRequest,
  options: CheckedEndpointOptions,
): void {
  const isApi = url.origin === new URL(baseUrl).origin;
  const isInsecureAllowed = options.allowInsecureAuth || (isApi && allowInsecureAuth === true);
  const problem = findAddressProblem(url, isInsecureAllowed, hasProxy);
  if (problem !== undefined) {
    throw createTokenError(optionText`the ${name} ${problem}`, Code.FailedPrecondition);
  }
}

/** The place of an issuer, which may have another name than its address. */
interface IssuerPlace {
  /** The origin or URL to which requests go. */
  readonly address: string;
  /** The host in the name of the issuer, if the address has another host. */
  readonly instanceHost: string | undefined;
}

/** Returns the place of the issuer. An issuer in the options has its name as its address. */
function placeOf(
  { baseUrl, instanceHost }: TokenRequest,
  { issuer }: CheckedEndpointOptions,
): IssuerPlace {
  return issuer === undefined
    ? {
        address: new URL(baseUrl).origin,
        instanceHost: instanceHost === undefined ? undefined : readInstanceHost(instanceHost),
      }
    : { address: issuer, instanceHost: undefined };
}

async function checkIssuerMetadata(
  place: IssuerPlace,
  json: Readonly<Record<string, unknown>>,
  claimedName: string,
): Promise<Issuer["metadata"]> {
  const name = findExpectedName(place, claimedName);
  let metadata: oauth.AuthorizationServer;
  try {
    metadata = await oauth.processDiscoveryResponse(new URL(name), toJsonResponse(json));
  } catch {
    throw createTokenError(
      describeWrongName(place, quoteIssuerText(claimedName)),
      Code.FailedPrecondition,
    );
  }
  const { token_endpoint: address = "" } = metadata;
  const endpoint = parseUrl(address);
  if (endpoint === undefined) {
    throw createTokenError(
      optionText`the discovery document of ${name} names no token endpoint${advice.adviseTokenEndpoint}`,
      Code.FailedPrecondition,
    );
  }
  if (endpoint.origin !== new URL(name).origin) {
    throw createTokenError(
      optionText`the discovery document of ${name} names a token endpoint elsewhere, at ${quoteIssuerText(endpoint.origin)}; ${advice.trustTokenEndpoint}`,
      Code.FailedPrecondition,
    );
  }
  // The document names the endpoint by the name of the instance. Credentials go to the address where the document was read.
  const { pathname, search } = endpoint;
  return { ...metadata, token_endpoint: new URL(place.address).origin + pathname + search };
}

/**
 * Returns the name that an issuer at this place must have. With an instance host, the issuer may have either scheme: ZITADEL
 * behind a proxy calls itself `https:`, although requests within a private network reach it over `http:`. The name decides only
 * for whom assertions are signed; requests go to the address either way.
 */
function findExpectedName({ address, instanceHost }: IssuerPlace, claimedName: string): string {
  if (instanceHost === undefined) {
    return address;
  }
  const names = ["https", "http"].map((scheme) => new URL(`${scheme}://${instanceHost}`).origin);
  const claimed = parseUrl(claimedName)?.origin;
  return names.find((each) => each === claimed) ?? `https://${instanceHost}`;
}

function describeWrongName({ address, instanceHost }: IssuerPlace, claimedName: string): Message {
  const claim = `the server at ${address} calls itself ${claimedName}`;
  return instanceHost === undefined
    ? optionText`${claim}; ${advice.useIssuer}`
    : optionText`${claim}, and not https://${instanceHost} or http://${instanceHost}; pass the host of that name as ${advice.instanceHost} if it is your instance`;
}

/** Wraps JSON that was already read in a Response, which oauth4webapi expects. */
export function toJsonResponse(json: unknown): Response {
  return new Response(JSON.stringify(json), { headers: { "content-type": "application/json" } });
}
