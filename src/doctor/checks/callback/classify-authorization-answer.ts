import { isRedirectStatus } from "../../../utils/is-redirect-status.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import {
  mismatchTexts,
  pageMismatchTexts,
  pageUnknownClientTexts,
  redirectUriNames,
  unknownClientTexts,
} from "./provider-texts.js";

/**
 * The meaning of the answer to an authorization request.
 *
 * - `known`: the provider sends the user back to the redirect URI
 * - `rejected`: the provider does the same, with an error about the request itself
 * - `mismatch`: the provider does not know the redirect URI
 * - `unknown-client`: the provider does not know the client id
 * - `page`: the provider asks the user to sign in
 * - `missing`: the endpoint does not exist
 * - `refused`: the provider refuses the request for an unknown reason, in the form of `detail`
 * - `unclear`: any other answer, such as that of a busy server
 */
export type AuthorizationAnswer =
  | { readonly kind: "known" | "mismatch" | "unknown-client" | "page" | "missing" }
  | { readonly kind: "rejected"; readonly error: string }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "unclear"; readonly detail: string; readonly status: number };

/** The errors that prove that the request itself is wrong. Other errors mean that nobody is signed in, or that the server is busy. */
const rejections: ReadonlySet<string> = new Set([
  "invalid_scope",
  "unauthorized_client",
  "unsupported_response_type",
]);

const missingStatuses: ReadonlySet<number> = new Set([404, 405, 410]);

/** Returns the meaning of the answer to an authorization request with this redirect URI. Its redirects must not have been followed. */
export function classifyAuthorizationAnswer(
  { url, status, headers, text }: Pick<UpstreamResponse, "url" | "status" | "headers" | "text">,
  redirectUri: string,
): AuthorizationAnswer {
  const location = headers.get("location");
  if (isRedirectStatus(status) && location !== null && URL.canParse(location, url)) {
    return classifyRedirect(new URL(location, url), redirectUri);
  }
  if (status === 200) {
    return isJson(headers) ? classifyError(text, status) : classifyPage(text);
  }
  if (status === 401) {
    // With Kerberos, for example, the browser signs in first, and then gets the page.
    return { kind: "page" };
  }
  return status < 500 && status !== 429
    ? classifyError(text, status)
    : { kind: "unclear", detail: `HTTP ${status}`, status };
}

function classifyRedirect(location: URL, redirectUri: string): AuthorizationAnswer {
  const parameters = readParameters(location);
  const error = parameters.get("error") ?? "";
  if (isSameUrl(location, new URL(redirectUri))) {
    return classifyCallback(error, parameters.get("error_description") ?? "");
  }
  const texts = [...parameters]
    .filter(([name]) => name.toLowerCase().includes("error"))
    .flatMap(([, value]) => [value, decodeBase64(value)]);
  return texts.length === 0 ? { kind: "page" } : classifyError(texts.join("\n"), 302);
}

/** Returns the meaning of a redirect to the redirect URI itself, by its error. */
function classifyCallback(error: string, description: string): AuthorizationAnswer {
  if (includesAny(error, mismatchTexts)) {
    return { kind: "mismatch" };
  }
  if (includesAny(error, unknownClientTexts)) {
    return { kind: "unknown-client" };
  }
  const isAboutPkce =
    error === "invalid_request" &&
    includesAny(description.toLowerCase(), ["code_challenge", "code challenge", "pkce"]);
  return isAboutPkce || rejections.has(error) ? { kind: "rejected", error } : { kind: "known" };
}

/** Returns the parameters in the query and in the fragment of a URL. */
function readParameters({ searchParams, hash }: URL): URLSearchParams {
  return new URLSearchParams([...searchParams, ...new URLSearchParams(hash.slice(1))]);
}

function isSameUrl(a: URL, b: URL): boolean {
  return a.origin === b.origin && a.pathname === b.pathname;
}

/** Decodes base64, because Google puts its errors into a Protobuf message in base64. Other texts become random characters. */
function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("latin1");
}

function classifyPage(text: string): AuthorizationAnswer {
  const page = text.toLowerCase();
  if (includesAny(page, pageMismatchTexts)) {
    return { kind: "mismatch" };
  }
  return includesAny(page, pageUnknownClientTexts) ? { kind: "unknown-client" } : { kind: "page" };
}

function classifyError(text: string, status: number): AuthorizationAnswer {
  const error = text.toLowerCase();
  if (includesAny(error, mismatchTexts)) {
    return { kind: "mismatch" };
  }
  if (includesAny(error, unknownClientTexts)) {
    return { kind: "unknown-client" };
  }
  if (missingStatuses.has(status)) {
    return { kind: "missing" };
  }
  // Skip 403 and the parameter itself: the pages of firewalls repeat the URL of the request.
  const isAboutRedirectUri =
    status !== 403 && includesAny(error.replaceAll("redirect_uri=", ""), redirectUriNames);
  return isAboutRedirectUri
    ? { kind: "mismatch" }
    : { kind: "refused", detail: status === 302 ? "an error page" : `HTTP ${status}` };
}

function includesAny(text: string, parts: readonly string[]): boolean {
  return parts.some((part) => text.includes(part));
}

function isJson(headers: Headers): boolean {
  return (headers.get("content-type") ?? "").includes("json");
}
