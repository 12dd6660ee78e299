import { findFirstHeader, type WireRequest } from "../wire/http-message.js";
import { OAuthError } from "./oauth-error.js";

/** Go's limit for a form. The server rejects larger forms as a whole. */
const maxFormBytes = 10 * 1024 * 1024;

/**
 * Parses the parameters of a request in the order of Go's `ParseForm`: those of the body, then those of the query. The body
 * counts only if its content type is a form.
 */
export function parseFormParameters({
  method,
  target,
  headers,
  body,
}: WireRequest): URLSearchParams {
  const query = target.split("?").slice(1).join("?");
  const [mediaType = ""] = (findFirstHeader(headers, "content-type") ?? "").split(";");
  const isForm =
    ["POST", "PUT", "PATCH"].includes(method) &&
    mediaType.trim().toLowerCase() === "application/x-www-form-urlencoded";
  if (isForm && body.length > maxFormBytes) {
    throw createInvalidFormError();
  }
  return new URLSearchParams([
    ...(isForm ? parseParameters(new TextDecoder().decode(body)) : []),
    ...parseParameters(query),
  ]);
}

function parseParameters(text: string): URLSearchParams {
  // Go rejects malformed escapes and semicolons; URLSearchParams would guess.
  if (/%(?![\da-f]{2})|;/i.test(text)) {
    throw createInvalidFormError();
  }
  return new URLSearchParams(text);
}

function createInvalidFormError(): OAuthError {
  return new OAuthError("invalid_request", "error parsing form");
}
