import type { Accounts } from "../store/accounts.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";
import { verifyClient } from "./verify-client.js";

/** Revokes an access token of the client that a request authenticates. An unknown token is a success too (RFC 7009, 2.2). */
export function serveRevocation(accounts: Accounts, request: OAuthRequest): void {
  const { clientId } = verifyClient(accounts, request);
  const token = request.form.get("token") ?? "";
  if (token === "") {
    throw new OAuthError("invalid_request", "token missing");
  }
  const grant = accounts.issued.find(token);
  if (grant !== undefined && grant.clientId !== clientId) {
    throw new OAuthError("invalid_client", "token was not issued for this client", 401);
  }
  accounts.issued.revoke(token);
}
