import { readClientCredentials } from "./read-client-credentials.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";

/**
 * Rejects a request for introspection as the real server rejects it, in the order of its checks. Only applications may introspect
 * tokens, and the emulator has none.
 */
export function serveIntrospection(request: OAuthRequest): never {
  const { secret } = readClientCredentials(request);
  const { form } = request;
  if (secret === "" && !form.get("client_assertion")) {
    throw new OAuthError("invalid_client", "client must be authenticated");
  }
  if (!form.get("token")) {
    throw new OAuthError("invalid_request", "token missing");
  }
  throw new OAuthError("unauthorized_client", "");
}
