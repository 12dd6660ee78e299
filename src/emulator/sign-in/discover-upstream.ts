import { isPlainObject } from "../../utils/is-plain-object.js";
import { tryParseJson } from "../../utils/try-parse-json.js";
import { createLibraryError } from "../errors/server-error.js";
import type { OutboundResponse } from "../outbound/outbound-request.js";
import { sendOutbound } from "../outbound/send-outbound.js";

/** The endpoints of an identity provider that a sign-in uses. */
export interface UpstreamEndpoints {
  readonly authorization: string;
  readonly token: string;
}

/**
 * Fetches the discovery document of an issuer, and returns its endpoints. The issuer in the document must be the same, character
 * by character.
 *
 * Throws an error like that of the server's OpenID Connect library.
 */
export async function discoverUpstream(
  issuer: string,
  allowPrivate: boolean,
): Promise<UpstreamEndpoints> {
  const base = issuer.endsWith("/") ? issuer.slice(0, -1) : issuer;
  const url = `${base}/.well-known/openid-configuration`;
  const document = readDocument(await fetchDocument(url, allowPrivate));
  if (document["issuer"] !== issuer) {
    throw createLibraryError("issuer does not match");
  }
  return {
    authorization: readText(document["authorization_endpoint"]),
    token: readText(document["token_endpoint"]),
  };
}

async function fetchDocument(url: string, allowPrivate: boolean): Promise<OutboundResponse> {
  try {
    return await sendOutbound({ method: "GET", url }, allowPrivate);
  } catch (reason) {
    throw createDiscoveryError(`Get "${url}": ${(reason as Error).message}`);
  }
}

function readDocument({ status, statusText, body }: OutboundResponse): Record<string, unknown> {
  const text = new TextDecoder().decode(body);
  if (status !== 200) {
    throw createDiscoveryError(`http status not ok: ${status} ${statusText} ${text}`);
  }
  const document = tryParseJson(text);
  if (!isPlainObject(document)) {
    throw createDiscoveryError(`failed to unmarshal response: ${text}`);
  }
  return document;
}

function createDiscoveryError(cause: string): Error {
  return createLibraryError(`OpenID Provider Configuration Discovery has failed\n${cause}`);
}

function readText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
