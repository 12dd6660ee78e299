import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { Code, type ConnectError } from "@connectrpc/connect";
import { readRetryAfterMs } from "../call/retry-after.js";
import { explainProxyStatus } from "../hints/proxy-hints.js";
import { hasFollowedRedirect } from "../transport/http/followed-redirect.js";
import { isRedirectStatus } from "../utils/is-redirect-status.js";
import { createTokenError } from "./token-error.js";

/** The content types that error texts may contain. A server may repeat the request in its headers, so no other value is shown. */
const knownTypes: ReadonlySet<string> = new Set([
  "application/json",
  "application/problem+json",
  "application/xml",
  "text/html",
  "text/plain",
  "text/xml",
]);

/** Creates the error for a response that does not fit the request. */
export function createUnexpectedResponseError(
  { endpoint, url, issuer }: { endpoint: string; url: string; issuer: string },
  response: Response,
): ConnectError {
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const hint = explainProxyStatus({
    status: response.status,
    type: type ?? "",
    url: new URL(url),
    retryAfterMs: readRetryAfterMs(response.headers, Date.now()),
  });
  if (isTemporaryFailure(response)) {
    const text = optionText`${endpoint} ${url} answered HTTP ${String(response.status)}${hint ? optionText`; ${hint}` : ""}`;
    return createTokenError(text, Code.Unavailable, { retryAfter: readRetryAfter(response) });
  }
  if (isRedirect(response, url)) {
    return createTokenError(
      optionText`${endpoint} ${url} answered with a redirect, which is not followed: credentials are sent to the given address only; ${askForAddress(issuer)}`,
      Code.FailedPrecondition,
    );
  }
  return createTokenError(
    optionText`${endpoint} ${url} answered HTTP ${String(response.status)} (${describeType(type)}), which is not an OAuth response; ${hint ?? askForAddress(issuer)}`,
    Code.FailedPrecondition,
  );
}

function describeType(type: string | undefined): string {
  if (type === undefined) {
    return "no content type";
  }
  return knownTypes.has(type) ? type : "another content type";
}

function askForAddress(issuer: string): Message {
  return optionText`is ${issuer} the instance's own address? If its host is not the name of the instance, pass that name as ${advice.instanceHost}`;
}

/** Returns true for a status that a later attempt may not get. */
export function isTemporaryFailure({ status }: Response): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** Returns true for a redirect, also for one that `fetch` has followed although it was told not to. */
export function isRedirect(response: Response, requested: string): boolean {
  return isRedirectStatus(response.status) || hasFollowedRedirect(response, requested);
}

/** Returns the value of `Retry-After` if it is a number of seconds or a date, and null otherwise. */
function readRetryAfter({ headers }: Response): string | null {
  const value = headers.get("retry-after") ?? "";
  if (/^\d{1,6}$/.test(value)) {
    return value;
  }
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toUTCString();
}
