import type { Account, Accounts } from "../store/accounts.js";
import type { HeaderList } from "../wire/http-message.js";
import { authenticateClient } from "./authenticate-client.js";
import { createIdToken } from "./id-token.js";
import { OAuthError } from "./oauth-error.js";
import type { SigningKey } from "./signing-key.js";
import { verifyAssertion } from "./verify-assertion.js";

/** The scope that makes a token valid for ZITADEL's own APIs. */
const zitadelApiScope = "urn:zitadel:iam:org:project:id:zitadel:aud";

/** The state that the token endpoint works on. */
interface TokenEndpointContext {
  readonly accounts: Accounts;
  readonly signingKey: () => Promise<SigningKey>;
  /** The id of the project that represents ZITADEL's own APIs. */
  readonly projectId: string;
}

/** A request to the token endpoint. */
interface TokenEndpointRequest {
  readonly form: URLSearchParams;
  readonly headers: HeaderList;
  readonly issuer: string;
}

/** The response of the token endpoint. The members have the server's order. */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly id_token?: string;
}

/** The authenticated service user and its client id. */
interface AuthenticatedClient {
  readonly account: Account;
  readonly clientId: string;
}

/** A function that authenticates the client of a token request, by one grant type. */
type GrantAuthenticator = (
  accounts: Accounts,
  request: TokenEndpointRequest,
) => AuthenticatedClient | Promise<AuthenticatedClient>;

const grantAuthenticators: Readonly<Record<string, GrantAuthenticator>> = {
  "urn:ietf:params:oauth:grant-type:jwt-bearer": authenticateByJwtProfile,
  client_credentials: authenticateByClientCredentials,
};

/** The other grants of the real server, for applications with human users. */
const grantsOfHumanUsers = [
  "authorization_code",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
];

/** Issues a token, or throws an OAuthError. The grant is checked before the scopes. */
export async function serveTokenEndpoint(
  { accounts, signingKey, projectId }: TokenEndpointContext,
  request: TokenEndpointRequest,
): Promise<TokenResponse> {
  const { form, issuer } = request;
  const authenticate = findGrantAuthenticator(form.get("grant_type") ?? "");
  const { account, clientId } = await authenticate(accounts, request);
  const scopes = readScopes(form);
  const forApi = scopes.includes(zitadelApiScope);
  const { token, expiresIn } = accounts.issued.issue(account.user, forApi);
  const response: TokenResponse = {
    access_token: token,
    token_type: "Bearer",
    expires_in: expiresIn,
  };
  if (!scopes.includes("openid")) {
    return response;
  }
  const idToken = await createIdToken(await signingKey(), {
    issuer,
    subject: account.user.id,
    clientId,
    audience: forApi ? [projectId] : [],
    accessToken: token,
    expiresIn,
  });
  return { ...response, id_token: idToken };
}

function findGrantAuthenticator(type: string): GrantAuthenticator {
  if (type === "") {
    throw new OAuthError("invalid_request", "grant_type missing");
  }
  const authenticator = Object.hasOwn(grantAuthenticators, type)
    ? grantAuthenticators[type]
    : undefined;
  if (authenticator === undefined) {
    const reason = grantsOfHumanUsers.includes(type) ? "is not emulated" : "not supported";
    throw new OAuthError("unsupported_grant_type", `${type} ${reason}`);
  }
  return authenticator;
}

async function authenticateByJwtProfile(
  accounts: Accounts,
  { form, issuer }: TokenEndpointRequest,
): Promise<AuthenticatedClient> {
  const assertion = form.get("assertion") ?? "";
  if (assertion === "") {
    throw new OAuthError("invalid_request", "assertion missing");
  }
  const account = await verifyAssertion(accounts, assertion, issuer);
  return { account, clientId: account.user.id };
}

function authenticateByClientCredentials(
  accounts: Accounts,
  { form, headers }: TokenEndpointRequest,
): AuthenticatedClient {
  const account = authenticateClient(accounts, headers, form);
  return { account, clientId: account.user.name };
}

/** Returns the scopes. Unknown scopes and an empty list are valid; only a missing parameter is an error. */
function readScopes(form: URLSearchParams): string[] {
  const scope = form.get("scope");
  if (scope === null) {
    throw new OAuthError(
      "invalid_request",
      "The scope of your request is missing. Please ensure some scopes are requested. " +
        "If you have any questions, you may contact the administrator of the application.",
    );
  }
  return scope.split(" ");
}
