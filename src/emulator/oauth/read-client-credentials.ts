import { findFirstHeader } from "../wire/http-message.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";

/** The name and secret of a client. Both are empty if the client sent an assertion. */
interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

/** Reads the credentials of a request, by HTTP Basic or from the form. Throws an OAuthError if the request names no client. */
export function readClientCredentials({ headers, form }: OAuthRequest): ClientCredentials {
  const { id, secret } = parseBasicHeader(findFirstHeader(headers, "authorization") ?? "") ?? {
    id: form.get("client_id") ?? "",
    secret: form.get("client_secret") ?? "",
  };
  if (id === "" && !form.get("client_assertion")) {
    throw new OAuthError("invalid_request", "client_id or client_assertion must be provided");
  }
  return { id, secret };
}

/** Reads an HTTP Basic header, whose two parts are URL-encoded (RFC 6749, 2.3.1). Returns `undefined` for any other header. */
function parseBasicHeader(header: string): ClientCredentials | undefined {
  const [, base64] = /^basic (.*)$/i.exec(header) ?? [];
  const decoded = base64 === undefined ? undefined : decodeBase64Text(base64);
  const colon = decoded?.indexOf(":") ?? -1;
  if (decoded === undefined || colon === -1) {
    return undefined;
  }
  try {
    return {
      id: decodeFormText(decoded.slice(0, colon)),
      secret: decodeFormText(decoded.slice(colon + 1)),
    };
  } catch {
    throw new OAuthError("invalid_client", "invalid basic auth header");
  }
}

function decodeBase64Text(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
