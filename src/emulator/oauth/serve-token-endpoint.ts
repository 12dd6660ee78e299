import { apiScope } from "../../zitadel/api-scope.js";
import type { Accounts } from "../store/accounts.js";
import type { EmulatorState } from "../store/emulator-state.js";
import { createIdToken } from "./id-token.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";
import type { SigningKey } from "./signing-key.js";
import { createUserClaims } from "./user-claims.js";
import { verifyAssertion } from "./verify-assertion.js";
import { type AuthenticatedClient, verifyClient } from "./verify-client.js";

/** The beginning and the end of a scope that adds a project to the audience. */
const [audiencePrefix, audienceSuffix] = ["urn:zitadel:iam:org:project:id:", ":aud"];

/** The state that the token endpoint works on. */
interface TokenEndpointContext {
  readonly state: EmulatorState;
  readonly signingKey: () => Promise<SigningKey>;
  /** The id of the project that represents ZITADEL's own APIs. */
  readonly projectId: string;
}

/** The response of the token endpoint. The members have the server's order. */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
  readonly id_token?: string;
}

/** A function that authenticates the client of a token request, by one grant type. */
type GrantAuthenticator = (
  accounts: Accounts,
  request: OAuthRequest,
) => AuthenticatedClient | Promise<AuthenticatedClient>;

const grantAuthenticators: Readonly<Record<string, GrantAuthenticator>> = {
  "urn:ietf:params:oauth:grant-type:jwt-bearer": authenticateByJwtProfile,
  client_credentials: verifyClient,
  // The other grants are for applications.
  authorization_code: verifyClient,
  refresh_token: verifyClient,
  "urn:ietf:params:oauth:grant-type:device_code": verifyClient,
  "urn:ietf:params:oauth:grant-type:token-exchange": verifyClient,
};

/** Issues a token, or throws an OAuthError. The grant is checked before the scopes, and the state of the user after them. */
export async function serveTokenEndpoint(
  { state, signingKey, projectId }: TokenEndpointContext,
  request: OAuthRequest,
): Promise<TokenResponse> {
  const { form, issuer } = request;
  const grantType = form.get("grant_type") ?? "";
  const authenticate = findGrantAuthenticator(grantType);
  const { account, clientId } = await authenticate(state.accounts, request);
  const { user } = account;
  const scopes = readScopes(form);
  if (user.isInactive) {
    throw new OAuthError("invalid_request", "Errors.User.NotActive");
  }
  const forApi = scopes.includes(apiScope);
  const { token, expiresIn } = state.accounts.issued.issue({ user, clientId, scopes, forApi });
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
    subject: user.id,
    clientId,
    audience: listProjects(scopes).map((id) => (id === "zitadel" ? projectId : id)),
    methods: grantType === "client_credentials" ? ["pwd"] : [],
    userClaims: createUserClaims(state, user, scopes),
    accessToken: token,
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
    throw new OAuthError("unsupported_grant_type", `${type} not supported`);
  }
  return authenticator;
}

async function authenticateByJwtProfile(
  accounts: Accounts,
  { form, issuer }: OAuthRequest,
): Promise<AuthenticatedClient> {
  const assertion = form.get("assertion") ?? "";
  if (assertion === "") {
    throw new OAuthError("invalid_request", "assertion missing");
  }
  const account = await verifyAssertion(accounts, assertion, issuer);
  return { account, clientId: account.user.name };
}

/** Lists the projects that scopes add to the audience. The name `zitadel` stands for ZITADEL's own APIs. */
function listProjects(scopes: readonly string[]): string[] {
  return scopes
    .filter((scope) => scope.startsWith(audiencePrefix) && scope.endsWith(audienceSuffix))
    .map((scope) => scope.slice(audiencePrefix.length, -audienceSuffix.length));
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
