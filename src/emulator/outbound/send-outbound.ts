import { isFollowedStatus } from "../../utils/is-followed-status.js";
import { readBody } from "../../utils/read-body.js";
import { isDeniedHost } from "./is-denied-host.js";
import {
  maxOutboundBytes,
  createOutboundTooLargeError,
  type OutboundRequest,
  type OutboundResponse,
} from "./outbound-request.js";

/** The time limit for a response, together with its redirects. */
const timeoutMs = 10_000;

/** The number of requests after which Go's client gives up. */
const maxRequests = 10;

/**
 * Sends a request to an identity provider as the server does: with the headers of Go's HTTP client, and with redirects.
 *
 * Rejects if no response arrives, and for an address of the emulator's own machine or network unless `allowPrivate` is true. The
 * real server does not send requests there by default.
 */
export async function sendOutbound(
  request: OutboundRequest,
  allowPrivate: boolean,
): Promise<OutboundResponse> {
  const send = await loadSend();
  const signal = AbortSignal.timeout(timeoutMs);
  let next = request;
  for (let count = 0; count < maxRequests; count++) {
    checkAddress(next.url, allowPrivate);
    const response = await send(next, signal);
    const redirected = followRedirect(next, response);
    if (redirected === undefined) {
      return response;
    }
    next = redirected;
  }
  throw new Error(`stopped after ${maxRequests} redirects`);
}

type Send = (request: OutboundRequest, signal: AbortSignal) => Promise<OutboundResponse>;

/** Returns the function that sends one request. Runtimes without `node:http` use `fetch`, which adds headers of its own. */
async function loadSend(): Promise<Send> {
  try {
    // Import node:http here, so that the emulator also runs in runtimes without it.
    const { sendAsGo } = await import("./send-as-go.js");
    return sendAsGo;
  } catch {
    return sendByFetch;
  }
}

async function sendByFetch(
  { method, url, headers, body }: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  const init = { method, headers: { ...headers }, signal, ...(body !== undefined && { body }) };
  const response = await fetch(url, init);
  return {
    status: response.status,
    statusText: response.statusText,
    contentType: response.headers.get("content-type") ?? "",
    location: undefined,
    body: await readBody(response, {
      maxBytes: maxOutboundBytes,
      signal,
      tooLarge: createOutboundTooLargeError,
    }),
  };
}

function checkAddress(url: string, allowPrivate: boolean): void {
  if (!URL.canParse(url)) {
    throw new Error("invalid URL");
  }
  const { hostname, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") {
    throw new Error(`unsupported protocol scheme "${protocol.slice(0, -1)}"`);
  }
  if (!allowPrivate && isDeniedHost(hostname)) {
    throw new Error(
      `the address ${hostname} is private: set instance.allowPrivateUrls in the seed`,
    );
  }
}

/** Returns the next request after a redirect, by the rules of Go's client, or `undefined` if the response is not a redirect. */
function followRedirect(
  request: OutboundRequest,
  { status, location }: OutboundResponse,
): OutboundRequest | undefined {
  if (location === undefined || !isFollowedStatus(status)) {
    return undefined;
  }
  if (!URL.canParse(location, request.url)) {
    throw new Error("failed to parse Location header");
  }
  const { href: url } = new URL(location, request.url);
  // Credentials go to the same host only, and no referrer leaves https.
  const { authorization, ...others } = { ...request.headers };
  const isSameHost = new URL(url).host === new URL(request.url).host;
  const hidesReferrer = request.url.startsWith("https:") && !url.startsWith("https:");
  const headers = {
    ...others,
    ...(isSameHost && authorization !== undefined && { authorization }),
    ...(!hidesReferrer && { referer: request.url }),
  };
  return status === 307 || status === 308
    ? { ...request, url, headers }
    : { method: "GET", url, headers };
}
