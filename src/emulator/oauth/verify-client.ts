import { type Account, type Accounts, findAccountByName } from "../store/accounts.js";
import { readClientCredentials } from "./read-client-credentials.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";

/** An authenticated service user and the client id of its tokens. */
export interface AuthenticatedClient {
  readonly account: Account;
  readonly clientId: string;
}

/**
 * Returns the client that a request authenticates. As on the real server, a service user is a client only with the grant type
 * `client_credentials`. The emulator has no applications, so that every other client is unknown.
 */
export function verifyClient(accounts: Accounts, request: OAuthRequest): AuthenticatedClient {
  const { id, secret } = readClientCredentials(request);
  if (request.form.get("grant_type") !== "client_credentials") {
    throw new OAuthError("invalid_client", "no active client not found");
  }
  const account = findAccountByName(accounts, id);
  if (account === undefined) {
    throw new OAuthError("invalid_client", "client not found");
  }
  if (account.clientSecret === undefined) {
    throw new OAuthError("invalid_request", "Errors.User.Machine.Secret.NotExisting");
  }
  if (account.clientSecret !== secret) {
    throw new OAuthError("invalid_request", "Errors.User.Machine.Secret.Invalid");
  }
  return { account, clientId: account.user.name };
}
